import { changesOf, type FileChange } from '../source/changes';
import { loadProject } from '../source/load-project';
import { Memory } from '../cache/cache';
import type { Problem } from '../core/diagnostics';
import { resolveProject } from '../resolve/resolve';

/** A password that a new session lacks is given to it afterwards. */
const LATER = 'missing-secret';

/**
 * What would be wrong with a project after a change that is not wrong with it now. Reads only.
 * @throws DozlabError with code `missing-project` when the folder is not a project
 */
export function problemsOfChange(project: string, files: readonly FileChange[]): Problem[] {
  if (files.length === 0) return [];
  const memory = new Memory(project);
  const after = problemsIn(project, memory, files);
  if (after.length === 0) return [];
  const before = new Set(problemsIn(project, memory, []).map(identity));
  return after.filter((problem) => !before.has(identity(problem)));
}

const problemsIn = (project: string, { known, remember }: Memory, files: readonly FileChange[]): Problem[] =>
  resolveProject(loadProject(project, changesOf(files), known), remember).problems.filter(
    ({ severity, code }) => severity !== 'info' && code !== LATER,
  );

/** A problem but for its line, which an edit above it changes. */
const identity = ({ file, path, code, message }: Problem): string => JSON.stringify([file, path, code, message]);
