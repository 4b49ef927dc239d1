import { grouped } from '../core/group-by';
import type { SessionSize } from '../admission/session-size';
import { sum, type Amounts } from '../model/pod-requests';
import type { Session } from '../model/session';
import { SessionSizes } from '../resolve/sizes';
import { rulesIn, type ProjectState, type RulesByNamespace } from './project-state';
import { namespaceUsages, type NamespaceUsage } from './quota-usage';

export interface Demand {
  /** Without suspended sessions. */
  readonly running: number;
  readonly suspended: number;
  readonly requests: Amounts;
  readonly limits: Amounts;
  /** Also of suspended sessions. */
  readonly claims: number;
  /** Bytes of the claims, in billionths. */
  readonly storage: bigint;
}

export interface LabDemand extends Demand {
  readonly lab: string;
}

export interface CohortDemand extends Demand {
  readonly cohort: string;
  readonly labs: readonly LabDemand[];
}

export interface Capacity {
  readonly total: Demand;
  readonly cohorts: readonly CohortDemand[];
  readonly namespaces: readonly NamespaceUsage[];
}

/** Leaves out sessions that are not valid: check the problems of the project first. */
export function capacityOf(state: ProjectState, sizes = new SessionSizes()): Capacity {
  const rules = rulesIn(state);
  return {
    total: demandOf(state.resolved.sessions, sizes, rules),
    cohorts: cohortDemands(state, sizes, rules),
    namespaces: namespaceUsages(state, sizes),
  };
}

function cohortDemands(
  { loaded, resolved }: ProjectState,
  sizes: SessionSizes,
  rules: RulesByNamespace,
): CohortDemand[] {
  const byCohort = grouped(resolved.sessions, ({ cohort }) => cohort);
  return loaded.cohorts.map(({ name }) => {
    const sessions = byCohort.get(name) ?? [];
    const labs = Array.from(grouped(sessions, ({ lab }) => lab)).sort(([one], [other]) => (one < other ? -1 : 1));
    return {
      cohort: name,
      ...demandOf(sessions, sizes, rules),
      labs: labs.map(([lab, members]) => ({ lab, ...demandOf(members, sizes, rules) })),
    };
  });
}

function demandOf(sessions: readonly Session[], sizes: SessionSizes, rules: RulesByNamespace): Demand {
  const suspended = sessions.filter(({ values }) => values.suspended === true).length;
  const counts = new Map<SessionSize, number>();
  for (const { values, namespace } of sessions) {
    const size = sizes.asIs(values, rules.get(namespace));
    counts.set(size, (counts.get(size) ?? 0) + 1);
  }
  const all = Array.from(counts);
  return {
    running: sessions.length - suspended,
    suspended,
    requests: sum(all.map(([{ requests }, count]) => multiplied(requests, count))),
    limits: sum(all.map(([{ limits }, count]) => multiplied(limits, count))),
    claims: all.reduce((total, [{ claims }, count]) => total + claims * count, 0),
    storage: all.reduce((total, [{ storage }, count]) => total + storage * BigInt(count), 0n),
  };
}

const multiplied = (amounts: Amounts, count: number): Amounts =>
  new Map(Array.from(amounts, ([resource, amount]) => [resource, amount * BigInt(count)]));

export function cohortCapacity({ cohorts, namespaces }: Capacity, cohort: string): Capacity {
  const demand = cohorts.find((each) => each.cohort === cohort);
  return {
    total: demand ?? demandOf([], new SessionSizes(), new Map()),
    cohorts: demand === undefined ? [] : [demand],
    namespaces: namespaces
      .filter((usage) => usage.cohorts.includes(cohort))
      .map((usage) => ({ ...usage, room: usage.room.filter((each) => each.cohort === cohort) })),
  };
}
