import type { Amounts } from '../model/pod-requests';
import type { Prices } from '../api/settings/prices';
import { nano } from '../api/values/quantity';
import { capacityOf, type Capacity, type Demand } from './capacity';
import type { ProjectState } from './project-state';

export interface Cost {
  /** Without suspended sessions. */
  readonly sessions: number;
  /** Cores, in billionths. */
  readonly cpu: bigint;
  /** Bytes, in billionths. */
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

/** Undefined where the cohort does not exist. */
export interface CohortCostChange {
  readonly cohort: string;
  readonly before: Cost | undefined;
  readonly after: Cost | undefined;
}

export interface CostChange {
  readonly total: { readonly before: Cost; readonly after: Cost };
  readonly perTen: { readonly before: Cost | undefined; readonly after: Cost | undefined };
  readonly cohorts: readonly CohortCostChange[];
  readonly prices: Prices | undefined;
}

export const pricesOf = ({ loaded }: ProjectState): Prices | undefined => loaded.project.value?.spec.prices;

export function costOf({ total, cohorts }: Pick<Capacity, 'total' | 'cohorts'>, prices?: Prices): ProjectCost {
  return {
    total: ofDemand(total, prices),
    perTen: total.running === 0 ? undefined : costWith(10, scaled(total.requests, 10n, BigInt(total.running)), prices),
    cohorts: new Map(cohorts.map((demand) => [demand.cohort, ofDemand(demand, prices)])),
  };
}

/** Both sides use the same prices, so the difference comes from the sessions alone. */
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

/** Rounds up. */
const scaled = (amounts: Amounts, times: bigint, by: bigint): Amounts =>
  new Map(Array.from(amounts, ([resource, amount]) => [resource, (amount * times + by - 1n) / by]));

/** `$1,234.50`, whatever the language of the system. */
export const moneyText = (amount: number, { currency }: Pick<Prices, 'currency'>): string =>
  new Intl.NumberFormat('en-US', { style: 'currency', currency }).format(amount);
