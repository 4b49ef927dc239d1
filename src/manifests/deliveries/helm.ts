import type { OutputFile } from '@dozlab/charts';
import type { Path } from '@dozlab/charts/schema';
import type { FluxSettings } from '../../api/settings/flux';
import { releasePermissions } from '../../constructs/flux/flux-role';
import { FluxSource } from '../../constructs/flux/flux-source';
import { SessionChart } from '../../constructs/flux/session-chart';
import { WRITE } from '../../constructs/namespace/namespace-role';
import { chartName, type Cohort, hasChartSource } from '../../model/cohort';
import { renderFluxIdentity, renderFluxKustomization } from '../flux';
import { labSessionChart } from '../lab-session-chart';
import { manifestFile, objectsOf } from '../manifest-file';
import type { Delivery, DeliveryProblem } from './delivery';

export const helm: Delivery = {
  name: 'helm',
  summary: 'Flux installs the chart of dist/charts',
  usesHelm: true,
  isAllOrNothing: false,
  usesFlux: true,
  permissions: releasePermissions(WRITE, 'apply and remove'),
  folder: ({ name }) => `releases/${name}`,
  check: ({ chart }, { flux, chartFolders }) => {
    if (chart === undefined || chart.oci !== undefined) return [];
    return [...missingFolder(chart.version, chartFolders), ...missingSource(flux)];
  },
  isApplied: (cohort, { flux }) => hasChartSource(cohort, flux),
  cohortFiles: (cohort, project) => {
    const { flux } = project;
    return [
      // Helm uses an account in the release's namespace, Kustomize an account in the Kustomization's namespace.
      renderFluxIdentity(cohort, project, {
        permissions: helm.permissions,
        accountsIn: [flux.namespace, cohort.namespace],
      }),
      ...(helm.isApplied(cohort, project)
        ? [renderChartSource(cohort, flux), renderFluxKustomization(cohort, flux, helm.folder(cohort))]
        : []),
    ];
  },
};

const VERSION: Path = ['spec', 'chart', 'version'];

function missingFolder(version: string | undefined, chartFolders: readonly string[]): DeliveryProblem[] {
  const name = `lab-session-${String(version)}`;
  if (version === undefined || chartFolders.includes(name)) return [];
  const message = `is ${version}, but there is no charts/${name}; accepted: a version whose chart is kept there (a copy of dist/charts/lab-session as it was then), or spec.chart.oci`;
  return [{ severity: 'error', code: 'missing-chart', path: VERSION, message }];
}

function missingSource({ source }: FluxSettings): DeliveryProblem[] {
  if (source.kind === 'GitRepository' && source.url !== undefined) return [];
  const message =
    "is helm, for which Flux needs the chart's source in the cohort's namespace, and spec.flux.source gives no Git URL: no HelmReleases are written; accepted: spec.flux.source.url, or spec.chart.oci";
  return [{ severity: 'warning', code: 'missing-source', path: ['spec', 'delivery'], message }];
}

/** A HelmChart reads only sources of its own namespace. */
function renderChartSource(cohort: Cohort, { source, interval }: FluxSettings): OutputFile {
  const { chart, namespace, shard } = cohort;
  const name = chartName(cohort);
  const objects = objectsOf((scope) => {
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
    const path =
      chart.version === undefined ? `dist/charts/${labSessionChart.name}` : `charts/lab-session-${chart.version}`;
    new SessionChart(scope, 'chart', {
      name,
      namespace,
      source: name,
      chart: `${source.path}/${path}`,
      interval: source.interval,
      shard,
    });
  });
  return manifestFile(`${helm.folder(cohort)}/chart/${labSessionChart.name}.yaml`, objects);
}
