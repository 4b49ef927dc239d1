import type { Problem } from '../core/diagnostics';
import type { ResolvedProject } from '../model/project';
import type { Change } from '../source/changes';

export interface EditPlan extends Change {
  /** For `-o json`. */
  readonly facts: Readonly<Record<string, unknown>>;
  readonly notes: readonly string[];
  /** Where the user can fix it. */
  readonly place?: (this: void, problem: Problem) => Problem;
}

/** A new session gets its password later. */
const LATER = 'missing-secret';

/** Problems that a change adds to the project. */
export function newProblems(
  before: Pick<ResolvedProject, 'problems'>,
  after: Pick<ResolvedProject, 'problems'>,
): Problem[] {
  const existing = new Set(before.problems.map(identity));
  return after.problems.filter(
    (problem) => problem.severity !== 'info' && problem.code !== LATER && !existing.has(identity(problem)),
  );
}

/** Without the line, which may move. */
const identity = ({ file, path, code, message }: Problem): string => JSON.stringify([file, path, code, message]);
