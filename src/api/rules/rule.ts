import type { ProblemCode, ValueProblem } from '../../core/value-problem';
import type { SessionValues } from '../values/schema';
import type { Path } from '@dozlab/charts/schema';

/** A rule that involves several values: what the schema, which sees one value at a time, cannot say. */
export type Rule = (values: SessionValues) => ValueProblem[];

export const error = (path: Path, message: string, code: ProblemCode = 'conflict'): ValueProblem => ({
  severity: 'error',
  code,
  path,
  message,
});

export const warning = (path: Path, message: string, code: ProblemCode): ValueProblem => ({
  severity: 'warning',
  code,
  path,
  message,
});
