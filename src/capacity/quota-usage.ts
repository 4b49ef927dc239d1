import { requestedAmount, excesses, isMeasured, type Excess } from '../resolve/quota-amounts';
import type { SessionSize } from '../model/pod-requests';
import { grouped } from '../core/group-by';
import { nano } from '../api/values/quantity';
import type { SessionSizes } from '../resolve/sizes';
import { representativeSessions, type LabRoom, cohortsIn, type ProjectState } from './project-state';

/** Amounts are in billionths of the unit. */
export interface QuotaResource {
  /** `requests.cpu`, `pods`. */
  readonly resource: string;
  readonly hard: bigint;
  /** Undefined for resources that are not computed from sessions, such as `services`. */
  readonly used: bigint | undefined;
  /** Never below zero. */
  readonly left: bigint | undefined;
}

export interface NamespaceUsage {
  readonly namespace: string;
  readonly cohorts: readonly string[];
  /** Empty without a quota. */
  readonly resources: readonly QuotaResource[];
  readonly excesses: readonly Excess[];
  readonly room: readonly LabRoom[];
}

export function namespaceUsages(state: ProjectState, sizes: SessionSizes): NamespaceUsage[] {
  const labs = representativeSessions(state);
  const sessions = grouped(state.resolved.sessions, ({ namespace }) => namespace);
  return state.resolved.namespaces.map(({ name, quota = {} }) => {
    const used = (sessions.get(name) ?? []).map(({ values }) => sizes.asIs(values));
    const resources = Object.entries(quota).map(([resource, limit]) => usageOf(resource, nano(limit), used));
    return {
      namespace: name,
      cohorts: cohortsIn(state, name).map((cohort) => cohort.name),
      resources,
      excesses: excesses(quota, used),
      room: labs
        .filter(({ namespace }) => namespace === name)
        .map(({ cohort, lab, values }) => ({ cohort, lab, ...roomFor(sizes.of(values), resources) })),
    };
  });
}

function usageOf(resource: string, hard: bigint, sizes: readonly SessionSize[]): QuotaResource {
  if (!isMeasured(resource)) return { resource, hard, used: undefined, left: undefined };
  const used = sizes.reduce((total, size) => total + requestedAmount(resource, size), 0n);
  return { resource, hard, used, left: used > hard ? 0n : hard - used };
}

function roomFor(size: SessionSize, resources: readonly QuotaResource[]): Pick<LabRoom, 'sessions' | 'limitedBy'> {
  const rooms = resources.flatMap(({ resource, left }) => {
    const asked = requestedAmount(resource, size);
    return left === undefined || asked === 0n ? [] : [{ resource, sessions: left / asked }];
  });
  const [first, ...others] = rooms;
  if (first === undefined) return { sessions: undefined, limitedBy: [] };
  const least = others.reduce((most, { sessions }) => (sessions < most ? sessions : most), first.sessions);
  const limitedBy = rooms.filter(({ sessions }) => sessions === least).map(({ resource }) => resource);
  return { sessions: Number(least), limitedBy };
}
