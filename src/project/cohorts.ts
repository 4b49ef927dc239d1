import { chartSettings, fluxSettings, type FluxSettings } from '../infra/settings';
import type { DeliveredCohort } from '../output/flux';
import type { SecretsSettings } from '../secrets/settings';
import type { Path } from '../schema/tree';
import { layeredSettings, settingProblem } from './layered-settings';
import { namespaceOf } from './layers';
import type { LoadedCohort, LoadedProject } from './load';
import type { Problem } from './problem';
import { deliveryOf } from './secrets';

const CHART: Path = ['spec', 'chart'];

/** How a cohort comes into the cluster; undefined when its settings are not right. */
export function resolveCohort(
  loaded: LoadedProject,
  cohort: LoadedCohort,
  secrets: SecretsSettings | undefined,
  problems: Problem[],
): DeliveredCohort | undefined {
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
  return { name: cohort.name, namespace: namespaceOf(cohort), delivery, secrets, chart };
}

/** How Flux brings a project into the cluster. */
export const fluxOf = ({ project }: LoadedProject): FluxSettings =>
  project.document?.spec.flux ?? fluxSettings.parse(undefined);
