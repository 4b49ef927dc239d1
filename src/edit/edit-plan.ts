import type { Problem } from '../core/diagnostics';
import { resolveProject } from '../resolve/resolve';
import { changesOf, type Change, type FileChange } from '../source/changes';
import { loadProject } from '../source/load-project';

export interface EditPlan extends Change {
  /** For `-o json`. */
  readonly facts: Readonly<Record<string, unknown>>;
  readonly notes: readonly string[];
  /** Where the user can fix it. */
  readonly place?: (this: void, problem: Problem) => Problem;
}

/** A new session gets its password later. */
const LATER = 'missing-secret';

/**
 * Writes nothing.
 * @throws DozlabError with code `missing-project` if the folder is not a project
 */
export function newProblems(project: string, files: readonly FileChange[]): Problem[] {
  if (files.length === 0) return [];
  const after = problemsIn(project, files);
  if (after.length === 0) return [];
  const before = new Set(problemsIn(project, []).map(identity));
  return after.filter((problem) => !before.has(identity(problem)));
}

const problemsIn = (project: string, files: readonly FileChange[]): Problem[] =>
  resolveProject(loadProject(project, changesOf(files))).problems.filter(
    ({ severity, code }) => severity !== 'info' && code !== LATER,
  );

/** Without the line, which may move. */
const identity = ({ file, path, code, message }: Problem): string => JSON.stringify([file, path, code, message]);
