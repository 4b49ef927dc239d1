import { chartSettings } from '../api/settings/chart';
import { fluxSettings, type FluxSettings } from '../api/settings/flux';
import { type Cohort, shardOf } from '../model/cohort';
import type { SecretsSettings } from '../api/settings/secrets';
import type { Path } from '@dozlab/charts/schema';
import { layeredSettings, settingProblem } from './layered-settings';
import { namespaceOf } from './value-layers';
import type { LoadedCohort, LoadedProject } from '../source/load-project';
import type { Problem } from '../core/diagnostics';
import { deliveryOf } from './secret';

const CHART: Path = ['spec', 'chart'];

/** How a cohort comes into the cluster; undefined when its settings are not right. */
export function resolveCohort(
  loaded: LoadedProject,
  cohort: LoadedCohort,
  secrets: SecretsSettings | undefined,
  problems: Problem[],
): Cohort | undefined {
  const chart = layeredSettings(CHART, chartSettings, loaded, cohort, problems);
  if (chart === undefined || secrets === undefined) return undefined;
  const delivery = deliveryOf(loaded, cohort);
  const sources = [cohort, loaded.project];
  const { version, oci } = chart;
  if (delivery === 'helm' && oci === undefined) {
    const folder = `lab-session-${String(version)}`;
    if (version !== undefined && !loaded.chartFolders.includes(folder)) {
      const message = `is ${version}, but there is no charts/${folder}; accepted: a version whose chart is kept there (a copy of dist/charts/lab-session as it was then), or spec.chart.oci`;
      problems.push(settingProblem('error', 'missing-chart', [...CHART, 'version'], message, ...sources));
    }
    const { source } = fluxOf(loaded);
    if (source.kind !== 'GitRepository' || source.url === undefined) {
      const path = ['spec', 'delivery'];
      const message =
        "is helm, for which Flux needs the chart's source in the cohort's namespace, and spec.flux.source gives no Git URL: no HelmReleases are written; accepted: spec.flux.source.url, or spec.chart.oci";
      problems.push(settingProblem('warning', 'missing-source', path, message, ...sources));
    }
  }
  if (oci !== undefined && version === undefined && oci.digest === undefined) {
    const message = 'names no version; accepted: spec.chart.version, or oci.digest';
    problems.push(settingProblem('error', 'missing', [...CHART, 'oci'], message, ...sources));
  }
  const shard = resolveShard(loaded, cohort, problems);
  return { name: cohort.name, namespace: namespaceOf(cohort), delivery, secrets, chart, shard };
}

/** The shard of Flux that a cohort names, or else the one that its name gives. */
function resolveShard(loaded: LoadedProject, cohort: LoadedCohort, problems: Problem[]): string | undefined {
  const { shards } = fluxOf(loaded);
  const given = cohort.document?.spec.shard;
  if (given !== undefined && !shards.includes(given)) {
    const listed = shards.length === 0 ? 'names none' : `names ${shards.join(', ')}`;
    const message = `is ${given}, but spec.flux.shards of dozlab.yaml ${listed}; accepted: one that it names, or none`;
    problems.push(settingProblem('error', 'wrong-value', ['spec', 'shard'], message, cohort));
  }
  return given ?? shardOf(cohort.name, shards);
}

/** How Flux brings a project into the cluster. */
export const fluxOf = ({ project }: LoadedProject): FluxSettings =>
  project.document?.spec.flux ?? fluxSettings.parse(undefined);
