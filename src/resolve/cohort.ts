import { chartSettings } from '../api/settings/chart';
import { fluxSettings, type FluxSettings } from '../api/settings/flux';
import { type Cohort, shardOf } from '../model/cohort';
import type { SecretsSettings } from '../api/settings/secrets';
import { at, type Path } from '@dozlab/charts/schema';
import { layeredSettings, ownerOf } from './layered-settings';
import { namespaceOf } from './value-layers';
import type { CohortDocument, Documents } from '../source/document';
import type { Diagnostics } from '../core/diagnostics';
import { DELIVERIES } from '../manifests/deliveries';
import { cohortDelivery } from './delivery';

const CHART: Path = ['spec', 'chart'];

/** How a cohort comes into the cluster; undefined when its settings are not right. */
export function resolveCohort(
  documents: Documents,
  cohort: CohortDocument,
  secrets: SecretsSettings | undefined,
  diagnostics: Diagnostics,
): Cohort | undefined {
  const chart = layeredSettings(CHART, chartSettings, documents, cohort, diagnostics);
  const delivery = cohortDelivery(documents, cohort);
  const [name, namespace, flux] = [cohort.name, namespaceOf(cohort), fluxOf(documents)];
  const { chartFolders } = documents;
  const settings = deliverySettings(documents)[delivery.settings?.key ?? ''];
  for (const problem of delivery.check({ name, namespace, secrets, chart }, { flux, chartFolders, settings }))
    diagnostics.report(ownerOf(problem.path, cohort, documents.project), { ...problem, key: false });
  if (chart === undefined || secrets === undefined) return undefined;
  const { version, oci } = chart;
  if (oci !== undefined && version === undefined && oci.digest === undefined) {
    const path = [...CHART, 'oci'];
    const message = 'names no version; accepted: spec.chart.version, or oci.digest';
    diagnostics.error(ownerOf(path, cohort, documents.project), path, 'missing', message);
  }
  const shard = resolveShard(documents, cohort, diagnostics);
  return { name, namespace, delivery: delivery.name, secrets, chart, shard };
}

/** The shard of Flux that a cohort names, or else the one that its name gives. */
function resolveShard(documents: Documents, cohort: CohortDocument, diagnostics: Diagnostics): string | undefined {
  const { shards } = fluxOf(documents);
  const given = cohort.value?.spec.shard;
  if (given !== undefined && !shards.includes(given)) {
    const listed = shards.length === 0 ? 'names none' : `names ${shards.join(', ')}`;
    const message = `is ${given}, but spec.flux.shards of dozlab.yaml ${listed}; accepted: one that it names, or none`;
    diagnostics.error(cohort, ['spec', 'shard'], 'wrong-value', message);
  }
  return given ?? shardOf(cohort.name, shards);
}

/** How Flux brings a project into the cluster. */
export const fluxOf = ({ project }: Documents): FluxSettings =>
  project.value?.spec.flux ?? fluxSettings.parse(undefined);

/** Settings that deliveries have in dozlab.yaml, by their keys. */
export const deliverySettings = ({ project }: Documents): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    DELIVERIES.flatMap(({ settings }) => {
      const value = settings === undefined ? undefined : at(project.value, ['spec', settings.key]);
      return settings === undefined || value === undefined ? [] : [[settings.key, value]];
    }),
  );
