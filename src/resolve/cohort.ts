import { chartSettings } from '../api/settings/chart';
import { fluxSettings, type FluxSettings } from '../api/settings/flux';
import { type Cohort, shardOf } from '../model/cohort';
import type { SecretsSettings } from '../api/settings/secrets';
import { at, type Path } from '@dozlab/charts/schema';
import { layeredSettings, settingProblem } from './layered-settings';
import { namespaceOf } from './value-layers';
import type { CohortDocument, Documents } from '../source/document';
import type { Problem } from '../core/diagnostics';
import { DELIVERIES } from '../manifests/deliveries';
import { cohortDelivery } from './delivery';

const CHART: Path = ['spec', 'chart'];

/** How a cohort comes into the cluster; undefined when its settings are not right. */
export function resolveCohort(
  loaded: Documents,
  cohort: CohortDocument,
  secrets: SecretsSettings | undefined,
  problems: Problem[],
): Cohort | undefined {
  const chart = layeredSettings(CHART, chartSettings, loaded, cohort, problems);
  const delivery = cohortDelivery(loaded, cohort);
  const [name, namespace, flux] = [cohort.name, namespaceOf(cohort), fluxOf(loaded)];
  const sources = [cohort, loaded.project];
  const { chartFolders } = loaded;
  const settings = deliverySettings(loaded)[delivery.settings?.key ?? ''];
  for (const { severity, code, path, message } of delivery.check(
    { name, namespace, secrets, chart },
    { flux, chartFolders, settings },
  ))
    problems.push(settingProblem(severity, code, path, message, ...sources));
  if (chart === undefined || secrets === undefined) return undefined;
  const { version, oci } = chart;
  if (oci !== undefined && version === undefined && oci.digest === undefined) {
    const message = 'names no version; accepted: spec.chart.version, or oci.digest';
    problems.push(settingProblem('error', 'missing', [...CHART, 'oci'], message, ...sources));
  }
  const shard = resolveShard(loaded, cohort, problems);
  return { name, namespace, delivery: delivery.name, secrets, chart, shard };
}

/** The shard of Flux that a cohort names, or else the one that its name gives. */
function resolveShard(loaded: Documents, cohort: CohortDocument, problems: Problem[]): string | undefined {
  const { shards } = fluxOf(loaded);
  const given = cohort.value?.spec.shard;
  if (given !== undefined && !shards.includes(given)) {
    const listed = shards.length === 0 ? 'names none' : `names ${shards.join(', ')}`;
    const message = `is ${given}, but spec.flux.shards of dozlab.yaml ${listed}; accepted: one that it names, or none`;
    problems.push(settingProblem('error', 'wrong-value', ['spec', 'shard'], message, cohort));
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
