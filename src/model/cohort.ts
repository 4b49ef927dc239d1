import { createHash } from 'node:crypto';
import type { ChartSettings } from '../api/settings/chart';
import type { FluxSettings } from '../api/settings/flux';
import type { SecretsSettings } from '../api/settings/secrets';
import { shortHash } from '../api/values/names';

export interface Cohort {
  readonly name: string;
  readonly namespace: string;
  readonly delivery: string;
  readonly secrets: SecretsSettings;
  readonly chart: ChartSettings;
  /** @default the Flux without shard */
  readonly shard?: string | undefined;
  /** @default none */
  readonly applyUnits?: readonly ApplyUnit[];
}

/** Objects of sessions that Flux applies apart, because they need a foreign kind or a key. */
export type ApplyUnit = 'passwords' | 'routes';

export const fluxNameOf = ({ name }: Pick<Cohort, 'name'>): string => `lab-${name}`;

/** Flux, "Kustomization": the name is a label value, at most 63 characters. No cohort has a dot in its name. */
export function unitName(cohort: Pick<Cohort, 'name'>, unit: ApplyUnit): string {
  const name = fluxNameOf(cohort);
  const whole = `${name}.${unit}`;
  return whole.length <= 63 ? whole : `${name.slice(0, 40)}-${shortHash(name)}.${unit}`;
}

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
