import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { CHART_VERSION, labSessionChart } from '../../manifests/lab-session-chart';
import { deliveryOf } from '../../manifests/deliveries';
import { type Cohort, followsChart } from '../../model/cohort';
import type { OutputFile } from '@dozlab/charts';
import { at } from '@dozlab/charts/schema';
import { shownValue } from '../../core/redact';
import { readableText } from '../../core/safe-path';
import type { Diagnostics } from '../../core/diagnostics';

const FOLDER = `charts/${labSessionChart.name}`;

const DECIDING = /^(templates\/|values\.yaml$|values\.schema\.json$)/;

/**
 * Flux fetches a chart by version, so an equal version hides changes (Flux, "Helm Charts", reconcile strategy
 * ChartVersion).
 */
export function checkChartVersion(
  cohorts: readonly Cohort[],
  output: string,
  files: readonly OutputFile[],
  diagnostics: Diagnostics,
): void {
  const isFollowed = cohorts.some((cohort) => deliveryOf(cohort).usesHelm && followsChart(cohort));
  if (!isFollowed || versionIn(output, FOLDER) !== CHART_VERSION) return;
  const ofChart = files.filter(({ path }) => path.startsWith(`${FOLDER}/`));
  const made = new Map(ofChart.map(({ path, content }) => [path, content]));
  const changed = Array.from(new Set([...made.keys(), ...templatesIn(output)]))
    .filter((path) => DECIDING.test(path.slice(FOLDER.length + 1)))
    .filter((path) => readableText(join(output, path)) !== made.get(path));
  if (changed.length === 0) return;
  const message = `is ${CHART_VERSION}, as before, but the chart changed (${changed.map((path) => path.slice(FOLDER.length + 1)).join(', ')}), and Flux reads a changed chart only under a new version; accepted: another version of the chart, or, if no release uses it yet, dist/${FOLDER} removed first`;
  diagnostics.error(`dist/${FOLDER}/Chart.yaml`, ['version'], 'same-version', message);
}

/** Flux installs the version that the folder has, whatever its name says. */
export function checkChartFolders(cohorts: readonly Cohort[], project: string, diagnostics: Diagnostics): void {
  const named = cohorts.flatMap(({ chart }) => (chart.oci === undefined ? (chart.version ?? []) : []));
  for (const version of new Set(named)) {
    const folder = `${FOLDER}-${version}`;
    const given = versionIn(project, folder);
    if (given === version) continue;
    const message = `is ${given === undefined ? 'missing' : shownValue(['version'], given)}, but the folder is ${folder}; accepted: ${version}`;
    diagnostics.error(`${folder}/Chart.yaml`, ['version'], 'conflict', message);
  }
}

function versionIn(folder: string, chart: string): unknown {
  const text = readableText(join(folder, chart, 'Chart.yaml'));
  try {
    return text === undefined ? undefined : at(parse(text), ['version']);
  } catch {
    return undefined;
  }
}

function templatesIn(output: string): string[] {
  try {
    const found = readdirSync(join(output, FOLDER, 'templates'), { withFileTypes: true });
    return found.filter((entry) => entry.isFile()).map(({ name }) => `${FOLDER}/templates/${name}`);
  } catch {
    return [];
  }
}
