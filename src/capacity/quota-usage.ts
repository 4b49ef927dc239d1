import { askedOf, excesses, isKnown, type Excess } from '../resolve/quota-amounts';
import type { SessionSize } from '../model/pod-requests';
import { grouped } from '../core/group-by';
import { nano } from '../api/values/quantity';
import type { SessionSizes } from '../resolve/sizes';
import { labSessions, type LabRoom } from './representative-session';
import { cohortsIn, type ProjectState } from './project-state';

/** How much of one of a quota's resources sessions use. Amounts are in billionths of the unit. */
export interface QuotaResource {
  /** As the quota names it: `requests.cpu`, `pods`. */
  readonly resource: string;
  readonly hard: bigint;
  /**
   * What all sessions take that are not suspended, and the claims of all. Undefined for resources that sessions are not counted by here,
   * such as `services`.
   */
  readonly used: bigint | undefined;
  /** What is left of it: none when more is used. */
  readonly left: bigint | undefined;
}

/** How much of a namespace's quota its sessions use. */
export interface NamespaceUsage {
  readonly namespace: string;
  /** The cohorts whose sessions are in it. */
  readonly cohorts: readonly string[];
  /** Empty when there is no quota. */
  readonly resources: readonly QuotaResource[];
  /** What sessions ask for beyond the quota. */
  readonly excesses: readonly Excess[];
  /** How many more sessions of each lab fit into the quota, in each cohort: each lab as if it got all that is left. */
  readonly room: readonly LabRoom[];
}

/** How much of each namespace's quota is used when all sessions run that are to run, by the rules of a ResourceQuota. */
export function namespaceUsages(state: ProjectState, sizes: SessionSizes): NamespaceUsage[] {
  const labs = labSessions(state);
  const sessions = grouped(state.resolved.sessions, ({ namespace }) => namespace);
  return state.resolved.namespaces.map(({ name, quota = {} }) => {
    const taken = (sessions.get(name) ?? []).map(({ values }) => sizes.asIs(values));
    const resources = Object.entries(quota).map(([resource, limit]) => usageOf(resource, nano(limit), taken));
    return {
      namespace: name,
      cohorts: cohortsIn(state, name).map((cohort) => cohort.name),
      resources,
      excesses: excesses(quota, taken),
      room: labs
        .filter(({ namespace }) => namespace === name)
        .map(({ cohort, lab, values }) => ({ cohort, lab, ...roomFor(sizes.of(values), resources) })),
    };
  });
}

function usageOf(resource: string, hard: bigint, taken: readonly SessionSize[]): QuotaResource {
  if (!isKnown(resource)) return { resource, hard, used: undefined, left: undefined };
  const used = taken.reduce((total, size) => total + askedOf(resource, size), 0n);
  return { resource, hard, used, left: used > hard ? 0n : hard - used };
}

/** How many sessions of a size fit into what is left. */
function roomFor(size: SessionSize, resources: readonly QuotaResource[]): Pick<LabRoom, 'sessions' | 'limitedBy'> {
  const rooms = resources.flatMap(({ resource, left }) => {
    const asked = askedOf(resource, size);
    return left === undefined || asked === 0n ? [] : [{ resource, sessions: left / asked }];
  });
  return leastOf(rooms);
}

/** The least of several numbers of sessions, and the resources that it comes from. */
export function leastOf(
  rooms: readonly { readonly resource: string; readonly sessions: bigint }[],
): Pick<LabRoom, 'sessions' | 'limitedBy'> {
  const [first, ...others] = rooms;
  if (first === undefined) return { sessions: undefined, limitedBy: [] };
  const least = others.reduce((most, { sessions }) => (sessions < most ? sessions : most), first.sessions);
  const limitedBy = rooms.filter(({ sessions }) => sessions === least).map(({ resource }) => resource);
  return { sessions: Number(least), limitedBy };
}
