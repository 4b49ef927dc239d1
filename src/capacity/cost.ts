import type { Amounts } from '../model/pod-requests';
import type { Prices } from '../api/settings/prices';
import { nano } from '../api/values/quantity';
import { capacityOf, type Capacity, type Demand } from './capacity';
import type { ProjectState } from './project-state';

/** Requests and cost of a set of sessions. */
export interface Cost {
  /** Number of sessions that are not suspended. */
  readonly sessions: number;
  /** Requested cores, in billionths. */
  readonly cpu: bigint;
  /** Requested bytes of memory, in billionths. */
  readonly memory: bigint;
  /** Money a month: requests times prices times hours. Undefined without prices. */
  readonly money?: number;
}

export interface ProjectCost {
  readonly total: Cost;
  /** Cost of 10 average sessions. Undefined without sessions. */
  readonly perTen: Cost | undefined;
  readonly cohorts: ReadonlyMap<string, Cost>;
}

/** Cost of a cohort before and after a change; undefined where the cohort does not exist. */
export interface CohortCostChange {
  readonly cohort: string;
  readonly before: Cost | undefined;
  readonly after: Cost | undefined;
}

export interface CostChange {
  readonly total: { readonly before: Cost; readonly after: Cost };
  readonly perTen: { readonly before: Cost | undefined; readonly after: Cost | undefined };
  /** Every cohort of before or after, by name. */
  readonly cohorts: readonly CohortCostChange[];
  /** The prices of both sides. */
  readonly prices: Prices | undefined;
}

/** `spec.prices` of dozlab.yaml. */
export const pricesOf = ({ loaded }: ProjectState): Prices | undefined => loaded.project.value?.spec.prices;

export function costOf({ total, cohorts }: Pick<Capacity, 'total' | 'cohorts'>, prices?: Prices): ProjectCost {
  return {
    total: ofDemand(total, prices),
    perTen: total.running === 0 ? undefined : costWith(10, scaled(total.requests, 10n, BigInt(total.running)), prices),
    cohorts: new Map(cohorts.map((demand) => [demand.cohort, ofDemand(demand, prices)])),
  };
}

/**
 * Compares the cost before and after a change. Both sides use the prices after the change, or else those before it, so that the difference
 * comes from the sessions alone.
 */
export function costChange(
  before: ProjectState,
  after: ProjectState,
  capacities = { before: capacityOf(before), after: capacityOf(after) },
): CostChange {
  const prices = pricesOf(after) ?? pricesOf(before);
  const [old, now] = [costOf(capacities.before, prices), costOf(capacities.after, prices)];
  const names = Array.from(new Set([...old.cohorts.keys(), ...now.cohorts.keys()])).sort();
  return {
    total: { before: old.total, after: now.total },
    perTen: { before: old.perTen, after: now.perTen },
    cohorts: names.map((cohort) => ({ cohort, before: old.cohorts.get(cohort), after: now.cohorts.get(cohort) })),
    prices,
  };
}

const ofDemand = ({ running, requests }: Demand, prices?: Prices): Cost => costWith(running, requests, prices);

function costWith(sessions: number, requests: Amounts, prices?: Prices): Cost {
  const cpu = requests.get('cpu') ?? 0n;
  const memory = requests.get('memory') ?? 0n;
  return { sessions, cpu, memory, ...(prices === undefined ? {} : { money: money(cpu, memory, prices) }) };
}

const CORE = Number(nano(1));
const GIBIBYTE = Number(nano('1Gi'));

const money = (cpu: bigint, memory: bigint, { cpuHour, memoryGiBHour, hours }: Prices): number =>
  ((Number(cpu) / CORE) * cpuHour + (Number(memory) / GIBIBYTE) * memoryGiBHour) * hours;

/** Rounded up. */
const scaled = (amounts: Amounts, times: bigint, by: bigint): Amounts =>
  new Map(Array.from(amounts, ([resource, amount]) => [resource, (amount * times + by - 1n) / by]));

/** Money as text: `$1,234.50`, whatever the language of the system. */
export const moneyText = (amount: number, { currency }: Pick<Prices, 'currency'>): string =>
  new Intl.NumberFormat('en-US', { style: 'currency', currency }).format(amount);
