import type { Path } from '@dozlab/charts/schema';
import { safeMessage, shownPath } from './redact';

export type Severity = 'error' | 'warning' | 'info';

/** A closed list that programs can rely on. */
export type ProblemCode =
  | 'missing'
  | 'wrong-type'
  | 'wrong-value'
  | 'unknown-key'
  | 'conflict'
  | 'secret-in-file'
  | 'has-no-effect'
  | 'tight-fit'
  | 'overcommit'
  | 'moving-image'
  | 'unauthenticated-route'
  | 'malformed'
  | 'unreadable'
  | 'outside-project'
  | 'misplaced'
  | 'unknown-lab'
  | 'unknown-cohort'
  | 'duplicate-session'
  | 'moved-session'
  | 'not-deleted'
  | 'duplicate-route'
  | 'duplicate-claim'
  | 'duplicate-certificate'
  | 'shared-password'
  | 'unusual-size'
  | 'over-quota'
  | 'not-admitted'
  | 'unchangeable'
  | 'missing-source'
  | 'missing-chart'
  | 'same-version'
  | 'missing-secret'
  | 'not-for-recipients'
  | 'not-carried'
  | 'unused-secret'
  | 'stray-file'
  | 'left-out'
  | 'prerequisite';

/** A problem in a file, as `dozlab validate -o json` prints it. */
export interface Problem {
  readonly severity: Severity;
  /** Within the project. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** Such as `spec.values.rootfs.diskSize`; empty for the whole file. */
  readonly path: string;
  readonly message: string;
  readonly code: ProblemCode;
}

/** A problem in a tree of values from any file. */
export interface ValueProblem extends Pick<Problem, 'severity' | 'code' | 'message'> {
  readonly path: Path;
  /** The problem is the key, not its value. */
  readonly key?: boolean;
}

export interface Position {
  readonly line: number;
  readonly column: number;
}

export const START: Position = { line: 1, column: 1 };

export function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + START.column };
}

/** A path means the start of the file. */
export type Place = string | { readonly path: string; readonly locate: (path: Path, key?: boolean) => Position };

export const placeAt = (file: string, position: Position): Place => ({ path: file, locate: () => position });

export function problemIn(place: Place, { severity, code, path, message, key }: ValueProblem): Problem {
  const { line, column } = typeof place === 'string' ? START : place.locate(path, key);
  const file = typeof place === 'string' ? place : place.path;
  return { severity, file, line, column, path: shownPath(path), message: safeMessage(message), code };
}

/** Collects the problems of a project. */
export class Diagnostics {
  private readonly all: Problem[] = [];

  report(place: Place, problem: ValueProblem): void {
    this.all.push(problemIn(place, problem));
  }

  error(place: Place, path: Path, code: ProblemCode, message: string): void {
    this.report(place, { severity: 'error', code, path, message });
  }

  warning(place: Place, path: Path, code: ProblemCode, message: string): void {
    this.report(place, { severity: 'warning', code, path, message });
  }

  add(problems: readonly Problem[]): void {
    for (const problem of problems) this.all.push(problem);
  }

  get hasErrors(): boolean {
    return this.all.some(isError);
  }

  get problems(): Problem[] {
    return inOrder(this.all);
  }
}

export const isError = ({ severity }: Problem): boolean => severity === 'error';

const compare = (one: string | number, other: string | number): number => (one < other ? -1 : one > other ? 1 : 0);

/** Sorts by place and removes duplicates. */
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
