import { sum, type Amounts, type SessionSize } from '../model/pod-requests';
import type { Session } from '../model/session';
import { grouped } from '../core/group-by';
import type { SessionSizes } from '../resolve/sizes';
import type { ProjectState } from './project-state';

/** What sessions ask for together. */
export interface Demand {
  /** Sessions that are to run: all but the suspended ones. */
  readonly running: number;
  readonly suspended: number;
  /** What the scheduler keeps for those that are to run, by resource name. */
  readonly requests: Amounts;
  /** What the containers of those that are to run may take together, by resource name. */
  readonly limits: Amounts;
  /** Number of claims; those of suspended sessions stay. */
  readonly claims: number;
  /** Bytes of the claims, in billionths. */
  readonly storage: bigint;
}

/** What the sessions of a lab ask for in a cohort. */
export interface LabDemand extends Demand {
  readonly lab: string;
}

/** What the sessions of a cohort ask for, lab by lab. */
export interface CohortDemand extends Demand {
  readonly cohort: string;
  readonly labs: readonly LabDemand[];
}

/** What each cohort asks for; without sessions nothing. */
export const cohortDemands = ({ loaded, resolved }: ProjectState, sizes: SessionSizes): CohortDemand[] => {
  const byCohort = grouped(resolved.sessions, ({ cohort }) => cohort);
  return loaded.cohorts.map(({ name }) => {
    const sessions = byCohort.get(name) ?? [];
    const labs = Array.from(grouped(sessions, ({ lab }) => lab)).sort(([one], [other]) => (one < other ? -1 : 1));
    return {
      cohort: name,
      ...demandOf(sessions, sizes),
      labs: labs.map(([lab, members]) => ({ lab, ...demandOf(members, sizes) })),
    };
  });
};

/** What sessions ask for together. */
export function demandOf(sessions: readonly Session[], sizes: SessionSizes): Demand {
  const suspended = sessions.filter(({ values }) => values.suspended === true).length;
  const taken = sessions.map(({ values }) => sizes.asIs(values));
  return { running: sessions.length - suspended, suspended, ...totalOf(taken) };
}

/** Alike sessions have the same size, which is multiplied. */
function totalOf(sizes: readonly SessionSize[]): Omit<Demand, 'running' | 'suspended'> {
  const counts = new Map<SessionSize, number>();
  for (const size of sizes) counts.set(size, (counts.get(size) ?? 0) + 1);
  const all = Array.from(counts);
  return {
    requests: sum(all.map(([{ requests }, count]) => multiplied(requests, count))),
    limits: sum(all.map(([{ limits }, count]) => multiplied(limits, count))),
    claims: all.reduce((total, [{ claims }, count]) => total + claims * count, 0),
    storage: all.reduce((total, [{ storage }, count]) => total + storage * BigInt(count), 0n),
  };
}

const multiplied = (amounts: Amounts, count: number): Amounts =>
  new Map(Array.from(amounts, ([resource, amount]) => [resource, amount * BigInt(count)]));
