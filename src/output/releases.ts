import { FluxSource } from '../constructs/flux-source';
import { SessionChart } from '../constructs/session-chart';
import { sessionRelease } from '../constructs/session-release';
import type { FluxSettings } from '../infra/settings';
import type { OutputFile } from '../render/output-file';
import type { Manifest } from '../render/yaml';
import { withoutDefaults } from '../schema/defaults';
import type { Mapping } from '../schema/tree';
import { defaultValues } from '../values/defaults';
import { fluxNameOf, type DeliveredCohort } from './flux';
import { labSessionChart } from './lab-session-chart';
import { manifestFile, objectsOf } from './objects';

/** What a release is made of. */
interface ReleasedSession {
  readonly id: string;
  /** Values as the project's files give them, without defaults. */
  readonly given: Mapping;
}

/** Whether there is a source of the chart, so that releases can be made. */
export const hasChartSource = ({ chart }: DeliveredCohort, { source }: FluxSettings): boolean =>
  chart.oci !== undefined || (source.kind === 'GitRepository' && source.url !== undefined);

/** What the releases of a cohort are made of: `releases/<cohort>/chart/lab-session.yaml`. */
export const renderReleaseChart = (cohort: DeliveredCohort, flux: FluxSettings): OutputFile =>
  manifestFile(`releases/${cohort.name}/chart/${labSessionChart.name}.yaml`, chartObjects(cohort, flux));

/** A session as a release of the chart: `releases/<cohort>/<id>.yaml`. */
export function renderRelease(cohort: DeliveredCohort, flux: FluxSettings, { id, given }: ReleasedSession): OutputFile {
  // Those of the chart of this version; another one may have others.
  const isOwnChart = cohort.chart.version === undefined && cohort.chart.oci === undefined;
  const release = sessionRelease({
    session: id,
    namespace: cohort.namespace,
    chart: {
      kind: cohort.chart.oci === undefined ? 'HelmChart' : 'OCIRepository',
      name: chartName(cohort),
    },
    serviceAccountName: fluxNameOf(cohort),
    interval: flux.interval,
    retryInterval: flux.retryInterval,
    values: withoutDefaults(given, isOwnChart ? defaultValues() : {}),
    shard: cohort.shard,
  });
  return manifestFile(`releases/${cohort.name}/${id}.yaml`, [release as Manifest]);
}

/** Cohorts that share a namespace have charts of their own. */
const chartName = ({ name }: DeliveredCohort): string => `${labSessionChart.name}-${name}`;

/** Where the chart comes from. A HelmChart takes it from a source of its own namespace only, so the cohort has one. */
function chartObjects(cohort: DeliveredCohort, { source, interval }: FluxSettings): Manifest[] {
  const { chart, namespace, shard } = cohort;
  const name = chartName(cohort);
  return objectsOf((scope) => {
    if (chart.oci !== undefined) {
      new FluxSource(scope, 'source', {
        ...chart.oci,
        name,
        namespace,
        kind: 'OCIRepository',
        interval,
        isChart: true,
        shard,
        ...(chart.version === undefined ? {} : { tag: chart.version }),
      });
      return;
    }
    new FluxSource(scope, 'source', { ...source, url: source.url ?? '', name, namespace, shard });
    const folder =
      chart.version === undefined ? `dist/charts/${labSessionChart.name}` : `charts/lab-session-${chart.version}`;
    new SessionChart(scope, 'chart', {
      name,
      namespace,
      source: name,
      chart: `${source.path}/${folder}`,
      interval: source.interval,
      shard,
    });
  });
}
