import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { renderFlux, renderOutput } from '../manifests/render';
import type { OutputFile } from '@dozlab/charts';
import type { Changes } from '../source/changes';
import { chartVersionProblems } from '../resolve/checks/chart-version';
import { deliveryOf } from '../manifests/deliveries';
import { hasChartSource } from '../model/cohort';
import type { Documents } from '../source/document';
import { loadProject } from '../source/load-project';
import { PROJECT_FILE } from '../api/file-names';
import type { Memory } from '../cache/cache';
import { OUTPUT_FOLDER, type ResolvedProject } from '../model/project';
import { isError, problemAt, type Problem } from '../core/diagnostics';
import { isValid, resolveProject } from '../resolve/resolve';
import type { Session } from '../model/session';

/** What a project gives: the files of its output folders, or none when something in it is wrong. */
export interface SynthesizedProject extends Pick<ResolvedProject, 'cohorts' | 'flux'> {
  /** Those of `dist/`. */
  readonly files?: readonly OutputFile[];
  /** Those of `fluxcd/`. */
  readonly fluxFiles?: readonly OutputFile[];
  readonly sessions: readonly Session[];
  readonly problems: readonly Problem[];
  readonly loaded: Documents;
}

/** What a project is synthesized with. */
export interface Synthesis {
  /** What is read in place of what lies there. */
  readonly changes?: Changes;
  /** What is known from runs before. */
  readonly memory?: Memory;
}

/**
 * Reads, checks and renders a project. Writes nothing.
 * @throws DozlabError with code `missing-project` when the folder is not a project
 */
export function synthesizeProject(folder: string, { changes, memory }: Synthesis = {}): SynthesizedProject {
  const loaded = loadProject(folder, changes);
  const resolved = resolveProject(loaded, memory?.remember);
  if (!isValid(resolved)) return { ...resolved, loaded };
  const files = renderOutput(resolved, memory?.remember);
  const output = join(folder, OUTPUT_FOLDER);
  const problems = [
    ...resolved.problems,
    ...chartVersionProblems(resolved.cohorts, output, files),
    ...lostReleases(resolved, output),
  ];
  if (problems.some(isError)) return { ...resolved, loaded, problems };
  return { ...resolved, loaded, problems, files, fluxFiles: renderFlux(resolved, memory?.remember) };
}

/** Cohorts whose releases would go only because the chart has no source any more: Flux would end all their sessions. */
const lostReleases = ({ cohorts, flux }: ResolvedProject, output: string): Problem[] =>
  cohorts
    .filter((cohort) => deliveryOf(cohort).usesHelm && !hasChartSource(cohort, flux))
    .filter(({ name }) => existsSync(join(output, 'releases', name)))
    .map(({ name }) => {
      const message = `gives no Git URL any more, so that dist/releases/${name} would go, and Flux would end all sessions of the cohort ${name}; accepted: the URL, spec.chart.oci, or another delivery of the cohort`;
      return problemAt(
        'error',
        'missing-source',
        PROJECT_FILE,
        { line: 1, column: 1 },
        ['spec', 'flux', 'source'],
        message,
      );
    });
