import type { RefusedObject, SessionSize } from '../admission/session-size';
import { grouped } from '../core/group-by';
import type { Session } from '../model/session';
import { NamespaceObjects } from '../resolve/namespace-objects';
import { namespaceRules } from '../resolve/namespace-rules';
import { excesses, quotaUses, usedOf, type Excess, type QuotaUse } from '../resolve/quota-use';
import type { SessionSizes } from '../resolve/sizes';
import { cohortsIn, representativeSessions, type LabRoom, type ProjectState } from './project-state';

/** Amounts are in billionths of the unit. */
export interface QuotaResource extends Pick<QuotaUse, 'resource' | 'hard' | 'state'> {
  /** Undefined unless counted. */
  readonly used: bigint | undefined;
  /** Never below zero. */
  readonly left: bigint | undefined;
}

/** Sessions with an object that the namespace refuses whatever the others use. */
export interface RefusedSessions extends RefusedObject {
  readonly cohort: string;
  readonly sessions: readonly string[];
}

export interface NamespaceUsage {
  readonly namespace: string;
  readonly cohorts: readonly string[];
  /** Empty without a quota. */
  readonly resources: readonly QuotaResource[];
  readonly excesses: readonly Excess[];
  readonly refused: readonly RefusedSessions[];
  readonly room: readonly LabRoom[];
}

export function namespaceUsages(state: ProjectState, sizes: SessionSizes): NamespaceUsage[] {
  const labs = representativeSessions(state);
  const objects = new NamespaceObjects(state.resolved);
  const sessions = grouped(state.resolved.sessions, ({ namespace }) => namespace);
  return state.resolved.namespaces.map((namespace) => {
    const { name, quota = {} } = namespace;
    const rules = namespaceRules(namespace);
    const inside = (sessions.get(name) ?? []).map((session) => ({ session, size: sizes.asIs(session.values, rules) }));
    const uses = quotaUses(
      quota,
      inside.map(({ size }) => size),
      objects.usedIn(namespace),
    );
    const resources = uses.map(resourceOf);
    return {
      namespace: name,
      cohorts: cohortsIn(state, name).map((cohort) => cohort.name),
      resources,
      excesses: excesses(uses),
      refused: refusedIn(inside),
      room: labs
        .filter((lab) => lab.namespace === name)
        .map(({ cohort, lab, values }) => ({ cohort, lab, ...roomFor(sizes.of(values, rules), resources) })),
    };
  });
}

function resourceOf({ resource, hard, state, used }: QuotaUse): QuotaResource {
  if (state !== 'counted') return { resource, hard, state, used: undefined, left: undefined };
  return { resource, hard, state, used, left: used > hard ? 0n : hard - used };
}

function refusedIn(inside: readonly { readonly session: Session; readonly size: SessionSize }[]): RefusedSessions[] {
  const found = inside.flatMap(({ session: { cohort, id }, size }) =>
    size.refusals.map((refused) => ({ ...refused, cohort, id })),
  );
  const alike = grouped(found, ({ id: _, ...refused }) => JSON.stringify(refused));
  return Array.from(alike.values()).flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { id: _, ...refused } = first;
    return [{ ...refused, sessions: group.map(({ id }) => id).sort() }];
  });
}

function roomFor(size: SessionSize, resources: readonly QuotaResource[]): Pick<LabRoom, 'sessions' | 'limitedBy'> {
  const [refused] = size.refusals;
  if (refused !== undefined) return { sessions: 0, limitedBy: [refused.refusal.by] };
  const rooms = resources.flatMap(({ resource, left }) => {
    const asked = usedOf(size, resource);
    return left === undefined || asked === 0n ? [] : [{ resource, sessions: left / asked }];
  });
  const [first, ...others] = rooms;
  if (first === undefined) return { sessions: undefined, limitedBy: [] };
  const least = others.reduce((most, { sessions }) => (sessions < most ? sessions : most), first.sessions);
  const limitedBy = rooms.filter(({ sessions }) => sessions === least).map(({ resource }) => resource);
  return { sessions: Number(least), limitedBy };
}
