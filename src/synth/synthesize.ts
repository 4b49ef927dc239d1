import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { renderOutput, renderShared, sharedParts } from '../manifests/render';
import type { OutputFile } from '@dozlab/charts';
import type { Changes } from '../source/changes';
import { checkChartFolders, checkChartVersion } from '../resolve/checks/chart-version';
import { deliveryOf } from '../manifests/deliveries';
import { hasChartSource } from '../model/cohort';
import type { Documents } from '../source/document';
import { loadProject } from '../source/load-project';
import { PROJECT_FILE } from '../api/file-names';
import { NO_CACHE, type Cache } from '../cache/cache';
import { OUTPUT_FOLDER, type Project, type ResolvedProject } from '../model/project';
import type { CachedFiles } from '../source/source';
import { Diagnostics, type Problem } from '../core/diagnostics';
import { isValid, resolveProject } from '../resolve/resolve';
import type { Session } from '../model/session';

/** Output files of a project, absent if it has errors. */
export interface SynthesizedProject extends Pick<ResolvedProject, 'cohorts' | 'flux'> {
  /** In `dist/`. */
  readonly files?: readonly OutputFile[];
  /** In `fluxcd/`. */
  readonly fluxFiles?: readonly OutputFile[];
  readonly sessions: readonly Session[];
  readonly problems: readonly Problem[];
  readonly loaded: Documents;
}

export interface Synthesis {
  readonly changes?: Changes;
  /** @default no cache */
  readonly cached?: CachedFiles;
}

/**
 * Reads, checks and renders a project; writes nothing.
 * @throws DozlabError with code `missing-project` if the folder is not a project
 */
export function synthesizeProject(folder: string, { changes, cached }: Synthesis = {}): SynthesizedProject {
  const loaded = loadProject(folder, changes, cached);
  const resolved = resolveProject(loaded);
  if (!isValid(resolved)) return { ...resolved, loaded };
  const { files, fluxFiles } = renderProject(resolved, cached?.cache);
  const diagnostics = new Diagnostics();
  diagnostics.add(resolved.problems);
  checkOutput(resolved, folder, files, diagnostics);
  const { problems, hasErrors } = diagnostics;
  return hasErrors ? { ...resolved, loaded, problems } : { ...resolved, loaded, problems, files, fluxFiles };
}

/** The cache holds only files that belong to no session. */
export function renderProject(
  project: Project,
  cache: Cache = NO_CACHE,
): { readonly files: readonly OutputFile[]; readonly fluxFiles: readonly OutputFile[] } {
  const parts = sharedParts(project);
  const shared = cache.memo('shared', parts, () => renderShared(parts));
  return { files: renderOutput(project, shared.output), fluxFiles: shared.flux };
}

function checkOutput(
  { cohorts, flux }: ResolvedProject,
  project: string,
  files: readonly OutputFile[],
  diagnostics: Diagnostics,
): void {
  const output = join(project, OUTPUT_FOLDER);
  checkChartVersion(cohorts, output, files, diagnostics);
  checkChartFolders(cohorts, project, diagnostics);
  for (const cohort of cohorts) {
    const { name } = cohort;
    if (!deliveryOf(cohort).usesHelm || hasChartSource(cohort, flux)) continue;
    if (!existsSync(join(output, 'releases', name))) continue;
    const message = `gives no Git URL, so synth would remove dist/releases/${name}, and Flux would end all sessions of the cohort ${name}; accepted: the URL, spec.chart.oci, or another delivery of the cohort`;
    diagnostics.error(PROJECT_FILE, ['spec', 'flux', 'source'], 'missing-source', message);
  }
}
