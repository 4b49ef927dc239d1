import type { Amounts } from '../model/pod-requests';
import { SessionSizes } from '../resolve/sizes';
import { representativeSessions, rulesIn, type LabRoom, type ProjectState } from './project-state';
import { NodeStates, type AdmittingNodes, type ScarceResource } from './node-states';
import { PodGroups, type PodGroup } from './pod-group';
import { uncountedRules, type NodePool } from './scheduling-rules';

export interface Shortage {
  readonly nodes: AdmittingNodes;
  /** Empty if no node admits the sessions, or if no single node has enough of all resources. */
  readonly resources: readonly ScarceResource[];
}

export interface PlacedGroup extends PodGroup {
  readonly placed: number;
  readonly unplaced: readonly string[];
  /** Undefined if all sessions have a node. */
  readonly shortage?: Shortage;
}

/** Amounts are in billionths of the unit. */
export interface NodeResource {
  readonly resource: string;
  readonly allocatable: bigint;
  /** Requests of pods outside the project's sessions. */
  readonly taken: bigint;
  readonly sessions: bigint;
  /** Sum over all nodes: no single session can use all of it. */
  readonly free: bigint;
}

/** Limits of the sessions with a node, which the scheduler does not count. */
export interface MemoryLimits {
  readonly total: bigint;
  readonly largest: bigint;
  /** Of the nodes that can run these sessions, without the requests of others. */
  readonly nodes: { readonly total: bigint; readonly largest: bigint };
}

export interface Placement {
  readonly nodes: number;
  /** Without suspended sessions. */
  readonly sessions: number;
  readonly placed: number;
  readonly groups: readonly PlacedGroup[];
  readonly resources: readonly NodeResource[];
  readonly memoryLimits: MemoryLimits;
  readonly room: readonly LabRoom[];
  /** Such as `topologySpreadConstraints`. */
  readonly uncounted: readonly string[];
}

/**
 * Follows kube-scheduler (plugins NodeResourcesFit, NodeAffinity, TaintToleration and NodeUnschedulable).
 * Sessions that the fewest nodes admit come first, then the largest (first-fit decreasing).
 * If all sessions are placed, they fit. For several sizes a better order may exist, and the scheduler may find a worse
 * one.
 *
 * Ignores affinity between pods, topology spread, volume zones and limits, overhead and nodes of a RuntimeClass,
 * host ports, preemption and preferences.
 */
export function placementOf(state: ProjectState, pools: readonly NodePool[], sizes = new SessionSizes()): Placement {
  const groups = new PodGroups(sizes, rulesIn(state));
  const sessions = state.resolved.sessions.filter(({ values }) => values.suspended !== true);
  const uncounted = new Set(sessions.flatMap(({ values }) => uncountedRules(values)));
  return {
    ...place(
      groups.of(sessions),
      pools,
      representativeSessions(state).map((lab) => groups.one(lab)),
    ),
    uncounted: Array.from(uncounted).sort(),
  };
}

/** @param more groups whose room is computed after all others are placed */
export function place(
  groups: readonly PodGroup[],
  pools: readonly NodePool[],
  more: readonly PodGroup[] = [],
): Omit<Placement, 'uncounted'> {
  const nodes = new NodeStates(pools, [...groups, ...more]);
  const order = inOrder(
    groups,
    nodes,
    totalOf(pools, ({ allocatable }) => allocatable),
  );
  const left = new Map(order.map((group) => [group, nodes.place(group)]));
  const placedGroups = order.map((group): PlacedGroup => {
    const missing = left.get(group) ?? 0;
    const placed = group.ids.length - missing;
    const unplaced = group.ids.slice(placed);
    return { ...group, placed, unplaced, ...(missing === 0 ? {} : { shortage: shortageOf(group, nodes) }) };
  });
  return {
    nodes: pools.reduce((total, { count }) => total + count, 0),
    sessions: order.reduce((total, { ids }) => total + ids.length, 0),
    placed: placedGroups.reduce((total, { placed }) => total + placed, 0),
    groups: placedGroups,
    resources: resourcesOf(placedGroups, pools, nodes),
    memoryLimits: memoryLimitsOf(placedGroups, nodes),
    room: more.map((group) => ({ cohort: group.cohort, lab: group.lab, ...nodes.room(group) })),
  };
}

function inOrder(groups: readonly PodGroup[], nodes: NodeStates, total: Amounts): PodGroup[] {
  const ranked = groups.map((group) => ({
    group,
    choice: nodes.choice(group),
    share: shareOf(group.requests, total),
    name: JSON.stringify([group.cohort, group.lab, group.ids[0]]),
  }));
  ranked.sort((one, other) => one.choice - other.choice || other.share - one.share || (one.name < other.name ? -1 : 1));
  return ranked.map(({ group }) => group);
}

const shareOf = (requests: Amounts, total: Amounts): number =>
  Math.max(
    ...Array.from(requests, ([resource, amount]) => {
      const all = total.get(resource) ?? 0n;
      return amount === 0n ? 0 : all === 0n ? Infinity : Number(amount) / Number(all);
    }),
  );

function shortageOf(group: PodGroup, nodes: NodeStates): Shortage {
  const counts = nodes.admitting(group);
  return { nodes: counts, resources: counts.admitted === 0 ? [] : nodes.scarce(group) };
}

function totalOf(pools: readonly NodePool[], amountsOf: (pool: NodePool) => Amounts): Amounts {
  const total = new Map<string, bigint>();
  for (const pool of pools)
    for (const [resource, amount] of amountsOf(pool))
      total.set(resource, (total.get(resource) ?? 0n) + amount * BigInt(pool.count));
  return total;
}

function resourcesOf(groups: readonly PlacedGroup[], pools: readonly NodePool[], nodes: NodeStates): NodeResource[] {
  const names = new Set(groups.flatMap(({ requests }) => Array.from(requests.keys())));
  const allocatable = totalOf(pools, (pool) => pool.allocatable);
  const taken = totalOf(pools, (pool) => pool.taken);
  const { free } = nodes;
  return Array.from(names, (resource) => ({
    resource,
    allocatable: allocatable.get(resource) ?? 0n,
    taken: taken.get(resource) ?? 0n,
    sessions: groups.reduce(
      (total, { requests, placed }) => total + (requests.get(resource) ?? 0n) * BigInt(placed),
      0n,
    ),
    free: free.get(resource) ?? 0n,
  }));
}

function memoryLimitsOf(groups: readonly PlacedGroup[], nodes: NodeStates): MemoryLimits {
  const placed = groups.filter((group) => group.placed > 0);
  return {
    total: placed.reduce((total, group) => total + group.memoryLimit * BigInt(group.placed), 0n),
    largest: placed.reduce((most, { memoryLimit }) => (memoryLimit > most ? memoryLimit : most), 0n),
    nodes: nodes.memoryFor(placed),
  };
}

/** `resources` still counts all cohorts. */
export function cohortPlacement(placement: Placement, cohort: string): Placement {
  const groups = placement.groups.filter((group) => group.cohort === cohort);
  return {
    ...placement,
    groups,
    sessions: groups.reduce((total, { ids }) => total + ids.length, 0),
    placed: groups.reduce((total, { placed }) => total + placed, 0),
    room: placement.room.filter((each) => each.cohort === cohort),
  };
}
