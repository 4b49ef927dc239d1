import type { Amounts } from '../model/pod-requests';
import { SessionSizes } from '../resolve/sizes';
import { labSessions, type LabRoom } from './representative-session';
import type { NodePool } from './node-pool';
import { NodeStates, type AdmittingNodes, type ScarceResource } from './node-states';
import { PodGroups, type PodGroup } from './pod-group';
import type { ProjectState } from './project-state';
import { uncountedRules } from './scheduling-rules';

/** Why sessions have no node. */
export interface Shortage {
  /** How many nodes may run them at all, and what is against the others. */
  readonly nodes: AdmittingNodes;
  /**
   * Of what no node has enough. Empty when no node may run them, or when of each resource some node has enough, but none of all together.
   */
  readonly resources: readonly ScarceResource[];
}

/** How sessions that are alike fit onto the nodes. */
export interface PlacedGroup extends PodGroup {
  readonly placed: number;
  /** The ids of those that have no node: any of a group could be among them, here the last. */
  readonly unplaced: readonly string[];
  /** Why; absent when all have a node. */
  readonly shortage?: Shortage;
}

/** How much of a resource all nodes have. Amounts are in billionths of the unit. */
export interface NodeResource {
  readonly resource: string;
  readonly allocatable: bigint;
  /** What pods take that are no sessions of the project. */
  readonly taken: bigint;
  /** What the sessions take that have a node. */
  readonly sessions: bigint;
  /** What is left on all nodes together: no single session can have it all. */
  readonly free: bigint;
}

/** How a project's sessions fit onto nodes. */
export interface Placement {
  /** Number of nodes. */
  readonly nodes: number;
  /** Number of sessions that are to run. */
  readonly sessions: number;
  readonly placed: number;
  /** In the order in which they were placed. */
  readonly groups: readonly PlacedGroup[];
  readonly resources: readonly NodeResource[];
  /** How many more sessions of each lab have room beside all that are placed: each lab as if it got all that is left. */
  readonly room: readonly LabRoom[];
  /** Values of sessions that may keep them off nodes and are not counted, such as `topologySpreadConstraints`. */
  readonly uncounted: readonly string[];
}

/**
 * Puts all sessions that are to run onto nodes by the rules of kube-scheduler (its plugins NodeResourcesFit, NodeAffinity, TaintToleration
 * and NodeUnschedulable): a session's pod runs on one node, has all that it asks for there, and asks for `max(init containers, sum of
 * containers)`. Sessions with the least choice of nodes come first, then the largest (first-fit decreasing), and each goes to the first node
 * with room, those first that the fewest sessions could run on.
 *
 * That all are placed proves that they fit. For sessions of one size and the same rules the number is the most there can be; with several a better order
 * may exist, and the scheduler, which places pods as they come and spreads them, may as well find a worse one.
 *
 * Not counted: affinity among pods, topology spread, zones and limits of volumes, the overhead and the nodes of a RuntimeClass, host ports (sessions have none),
 * preemption and preferences.
 */
export function placementOf(state: ProjectState, pools: readonly NodePool[], sizes = new SessionSizes()): Placement {
  const groups = new PodGroups(sizes);
  const sessions = state.resolved.sessions.filter(({ values }) => values.suspended !== true);
  const uncounted = new Set(sessions.flatMap(({ values }) => uncountedRules(values)));
  return {
    ...place(
      groups.of(sessions),
      pools,
      labSessions(state).map((lab) => groups.one(lab)),
    ),
    uncounted: Array.from(uncounted).sort(),
  };
}

/** The same for any pods. */
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
    room: more.map((group) => ({ cohort: group.cohort, lab: group.lab, ...nodes.room(group) })),
  };
}

/** Sessions with the least choice of nodes first, then the largest, then by name. */
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

/** What part a pod takes of all nodes together: of the resource that it takes most of. */
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

/** The resources that sessions ask for. */
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
