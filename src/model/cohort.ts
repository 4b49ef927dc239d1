import { createHash } from 'node:crypto';
import type { ChartSettings } from '../api/settings/chart';
import type { FluxSettings } from '../api/settings/flux';
import type { SecretsSettings } from '../api/settings/secrets';

export interface Cohort {
  readonly name: string;
  readonly namespace: string;
  readonly delivery: string;
  readonly secrets: SecretsSettings;
  readonly chart: ChartSettings;
  /** @default the Flux without shard */
  readonly shard?: string | undefined;
}

export const fluxNameOf = ({ name }: Pick<Cohort, 'name'>): string => `lab-${name}`;

export const LAB_SESSION = 'lab-session';

export const chartName = ({ name }: Pick<Cohort, 'name'>): string => `${LAB_SESSION}-${name}`;

export const hasChartSource = ({ chart }: Cohort, { source }: FluxSettings): boolean =>
  chart.oci !== undefined || (source.kind === 'GitRepository' && source.url !== undefined);

/** Rendezvous hashing: a new shard moves only its own share of cohorts (Flux, "Sharding and horizontal scaling"). */
export function shardOf(cohort: string, shards: readonly string[]): string | undefined {
  const scores = shards.map((shard) => ({ shard, score: scoreOf(shard, cohort) }));
  return scores.sort((one, other) => (one.score > other.score ? -1 : 1))[0]?.shard;
}

const scoreOf = (shard: string, cohort: string): string =>
  createHash('sha256').update(`${shard}/${cohort}`).digest('hex');

export const followsChart = ({ chart }: Pick<Cohort, 'chart'>): boolean =>
  chart.version === undefined && chart.oci === undefined;
