import type { Problem } from '../core/diagnostics';
import { resolveProject } from '../resolve/resolve';
import { changesOf, type Change, type FileChange } from '../source/changes';
import { loadProject } from '../source/load-project';

/** A change of project files that a command is about to make. */
export interface EditPlan extends Change {
  /** Facts for `-o json`, beside the summary and the files. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** What the user should know after the change. */
  readonly notes: readonly string[];
  /** Moves a problem to the place where the user can correct it. */
  readonly place?: (this: void, problem: Problem) => Problem;
}

/** A new session gets its password later. */
const LATER = 'missing-secret';

/**
 * The problems of a project after a change that it does not have now. Writes nothing.
 * @throws DozlabError with code `missing-project` when the folder is not a project
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

/** Without the line, which the edit may move. */
const identity = ({ file, path, code, message }: Problem): string => JSON.stringify([file, path, code, message]);
