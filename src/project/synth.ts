import { renderOutput } from '../output/output';
import type { OutputFile } from '../render/output-file';
import { loadProject } from './load';
import type { Problem } from './problem';
import { isValid, resolveProject, type ResolvedSession } from './resolve';

/** What a project gives: the files of its output, or none when something in it is wrong. */
export interface SynthesizedProject {
  readonly files?: readonly OutputFile[];
  readonly sessions: readonly ResolvedSession[];
  readonly problems: readonly Problem[];
}

/**
 * Reads, checks and renders a project. Writes nothing.
 * @throws DozlabError with code `missing-project` when the folder is not a project
 */
export function synthesizeProject(folder: string): SynthesizedProject {
  const resolved = resolveProject(loadProject(folder));
  return { ...resolved, ...(isValid(resolved) ? { files: renderOutput(resolved) } : {}) };
}
