import type { ProblemCode, ValueProblem } from '../../core/diagnostics';
import type { SessionValues } from '../values/schema';
import type { Path } from '@dozlab/charts/schema';

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
