import { sessionRelease } from '../constructs/session-release';
import type { FluxSettings } from '../infra/settings';
import type { OutputFile } from '../render/output-file';
import type { Manifest } from '../render/yaml';
import { withoutDefaults } from '../schema/defaults';
import type { Mapping } from '../schema/tree';
import { defaultValues } from '../values/defaults';
import { chartName } from './chart-name';
import type { DeliveredCohort } from './flux';
import { fluxNameOf } from './flux-name';
import { manifestFile } from './manifest-file';

/** What a release is made of. */
interface ReleasedSession {
  readonly id: string;
  /** Values as the project's files give them, without defaults. */
  readonly given: Mapping;
}

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
