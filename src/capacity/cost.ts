import type { Amounts } from '../model/pod-requests';
import type { Prices } from '../api/settings/prices';
import { nano } from '../api/values/quantity';
import { capacityOf, type Capacity } from './capacity';
import type { Demand } from './demand';
import type { ProjectState } from './project-state';

/** What sessions ask for, and what that costs. */
export interface Cost {
  /** Number of sessions that are to run. */
  readonly sessions: number;
  /** Requested cores, in billionths. */
  readonly cpu: bigint;
  /** Requested bytes of memory, in billionths. */
  readonly memory: bigint;
  /** Money a month, when the project has prices: requests times prices times hours. */
  readonly money?: number;
}

/** What a project costs; before or after a change. */
export interface ProjectCost {
  readonly total: Cost;
  /** What 10 concurrent users cost, with sessions as they are on average. Undefined without sessions. */
  readonly perTen: Cost | undefined;
  readonly cohorts: ReadonlyMap<string, Cost>;
}

/** What one cohort costs before and after a change; undefined on the side where it is not there. */
export interface CohortCostChange {
  readonly cohort: string;
  readonly before: Cost | undefined;
  readonly after: Cost | undefined;
}

/** What a change does to requests and cost. */
export interface CostChange {
  readonly total: { readonly before: Cost; readonly after: Cost };
  readonly perTen: { readonly before: Cost | undefined; readonly after: Cost | undefined };
  /** Every cohort of either side, by name. */
  readonly cohorts: readonly CohortCostChange[];
  /** Prices that both sides are counted with. */
  readonly prices: Prices | undefined;
}

/** The prices of a project: `spec.prices` of dozlab.yaml. */
export const pricesOf = ({ loaded }: ProjectState): Prices | undefined => loaded.project.document?.spec.prices;

/** What the sessions of a project ask for that are to run, and what that costs. */
export function costOf({ total, cohorts }: Pick<Capacity, 'total' | 'cohorts'>, prices?: Prices): ProjectCost {
  return {
    total: ofDemand(total, prices),
    perTen: total.running === 0 ? undefined : costWith(10, scaled(total.requests, 10n, BigInt(total.running)), prices),
    cohorts: new Map(cohorts.map((demand) => [demand.cohort, ofDemand(demand, prices)])),
  };
}

/**
 * What a change does to requests and cost. Both sides are counted with the same prices, those after the change or, where there are none, those before
 * it: the change is that of the sessions.
 * @param capacities of both, where they are known
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

/** Amounts times a fraction, rounded up. */
const scaled = (amounts: Amounts, times: bigint, by: bigint): Amounts =>
  new Map(Array.from(amounts, ([resource, amount]) => [resource, (amount * times + by - 1n) / by]));

/** Money as text: `$1,234.50`. The same everywhere, whatever the language of the system. */
export const moneyText = (amount: number, { currency }: Pick<Prices, 'currency'>): string =>
  new Intl.NumberFormat('en-US', { style: 'currency', currency }).format(amount);
