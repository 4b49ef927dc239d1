import { FluxSource } from '../constructs/flux/flux-source';
import { SessionChart } from '../constructs/flux/session-chart';
import type { FluxSettings } from '../api/settings/flux';
import type { OutputFile } from '@dozlab/charts';
import type { Manifest } from '@dozlab/charts/yaml';
import { chartName, type Cohort } from '../model/cohort';
import { labSessionChart } from './lab-session-chart';
import { manifestFile } from './manifest-file';
import { objectsOf } from './objects';

/** What the releases of a cohort are made of: `releases/<cohort>/chart/lab-session.yaml`. */
export const renderReleaseChart = (cohort: Cohort, flux: FluxSettings): OutputFile =>
  manifestFile(`releases/${cohort.name}/chart/${labSessionChart.name}.yaml`, chartObjects(cohort, flux));

/** Where the chart comes from. A HelmChart takes it from a source of its own namespace only, so the cohort has one. */
function chartObjects(cohort: Cohort, { source, interval }: FluxSettings): Manifest[] {
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
