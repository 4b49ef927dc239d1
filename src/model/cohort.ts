import { createHash } from 'node:crypto';
import type { ChartSettings } from '../api/settings/chart';
import type { FluxSettings } from '../api/settings/flux';
import type { SecretsSettings } from '../api/settings/secrets';

export interface Cohort {
  readonly name: string;
  readonly namespace: string;
  /** Name of a delivery. */
  readonly delivery: string;
  readonly secrets: SecretsSettings;
  /** For the delivery helm: the source of the chart. */
  readonly chart: ChartSettings;
  /** The shard of Flux that applies it. @default the Flux without shard */
  readonly shard?: string | undefined;
}

/** Name of the cohort's Kustomization and of the service account that Flux uses for it. */
export const fluxNameOf = ({ name }: Pick<Cohort, 'name'>): string => `lab-${name}`;

/** The name of the chart of lab sessions. */
export const LAB_SESSION = 'lab-session';

/** Name of the cohort's chart object. Cohorts that share a namespace have charts of their own. */
export const chartName = ({ name }: Pick<Cohort, 'name'>): string => `${LAB_SESSION}-${name}`;

/** Whether Flux can read the chart; HelmReleases need it. */
export const hasChartSource = ({ chart }: Cohort, { source }: FluxSettings): boolean =>
  chart.oci !== undefined || (source.kind === 'GitRepository' && source.url !== undefined);

/**
 * The shard of a cohort that names none (Flux, "Sharding and horizontal scaling"), by rendezvous hashing: the result depends on the names
 * alone, and a new shard takes its part of the cohorts without moving the others.
 */
export function shardOf(cohort: string, shards: readonly string[]): string | undefined {
  const scores = shards.map((shard) => ({ shard, score: scoreOf(shard, cohort) }));
  return scores.sort((one, other) => (one.score > other.score ? -1 : 1))[0]?.shard;
}

const scoreOf = (shard: string, cohort: string): string =>
  createHash('sha256').update(`${shard}/${cohort}`).digest('hex');

/** Whether the cohort's releases follow the chart of this project, in dist/charts. */
export const followsChart = ({ chart }: Pick<Cohort, 'chart'>): boolean =>
  chart.version === undefined && chart.oci === undefined;
