import { join } from 'node:path';
import { renderFlux, renderOutput } from '../output/output';
import type { OutputFile } from '../render/output-file';
import { chartVersionProblems } from './chart-version';
import { loadProject } from './load';
import { isError, type Problem } from './problem';
import { isValid, resolveProject } from './resolve';
import type { ResolvedSession } from './resolved';

/** The folders that a project's output goes to: manifests, and what Flux reads first. */
export const OUTPUT_FOLDER = 'dist';
export const FLUX_FOLDER = 'fluxcd';

/** What a project gives: the files of its output folders, or none when something in it is wrong. */
export interface SynthesizedProject {
  /** Those of `dist/`. */
  readonly files?: readonly OutputFile[];
  /** Those of `fluxcd/`. */
  readonly fluxFiles?: readonly OutputFile[];
  readonly sessions: readonly ResolvedSession[];
  readonly problems: readonly Problem[];
}

/**
 * Reads, checks and renders a project. Writes nothing.
 * @throws DozlabError with code `missing-project` when the folder is not a project
 */
export function synthesizeProject(folder: string): SynthesizedProject {
  const resolved = resolveProject(loadProject(folder));
  if (!isValid(resolved)) return resolved;
  const files = renderOutput(resolved);
  const problems = [
    ...resolved.problems,
    ...chartVersionProblems(resolved.cohorts, join(folder, OUTPUT_FOLDER), files),
  ];
  if (problems.some(isError)) return { ...resolved, problems };
  return { ...resolved, files, fluxFiles: renderFlux(resolved) };
}
