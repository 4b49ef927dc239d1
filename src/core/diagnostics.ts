import type { ProblemCode as ValueProblemCode, Severity } from './value-problem';
import { shownPath } from './redact';
import type { Path } from '@dozlab/charts/schema';

/** What is wrong with a project, as a closed list that programs can rely on. */
export type ProblemCode =
  | ValueProblemCode
  | 'malformed'
  | 'unreadable'
  | 'outside-project'
  | 'misplaced'
  | 'unknown-lab'
  | 'unknown-cohort'
  | 'duplicate-session'
  | 'duplicate-route'
  | 'unusual-size'
  | 'over-quota'
  | 'not-admitted'
  | 'unchangeable'
  | 'missing-source'
  | 'missing-chart'
  | 'same-version'
  | 'missing-secret'
  | 'not-carried'
  | 'unused-secret'
  | 'prerequisite';

/** One thing to say of a project: what `dozlab validate -o json` prints. */
export interface Problem {
  readonly severity: Severity;
  /** Path of the file within the project. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** The field, such as `spec.values.rootfs.diskSize`; empty for the whole file. */
  readonly path: string;
  readonly message: string;
  readonly code: ProblemCode;
}

export interface Position {
  readonly line: number;
  readonly column: number;
}

export const problemAt = (
  severity: Severity,
  code: ProblemCode,
  file: string,
  { line, column }: Position,
  path: Path,
  message: string,
): Problem => ({ severity, file, line, column, path: shownPath(path), message, code });

export const isError = ({ severity }: Problem): boolean => severity === 'error';

const compare = (one: string | number, other: string | number): number => (one < other ? -1 : one > other ? 1 : 0);

/** Problems by place, each once. */
export function inOrder(problems: readonly Problem[]): Problem[] {
  const unique = new Map(Array.from(new Set(problems), (problem) => [JSON.stringify(problem), problem]));
  return Array.from(unique.values()).sort(
    (one, other) =>
      compare(one.file, other.file) ||
      one.line - other.line ||
      one.column - other.column ||
      compare(one.path, other.path) ||
      compare(one.message, other.message),
  );
}
