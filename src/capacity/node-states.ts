import type { Amounts } from '../model/pod-requests';
import { grouped } from '../core/group-by';
import type { PodGroup } from './pod-group';
import { admission, requiresNodeNames, requiredLabelKeys, type NodePool } from './scheduling-rules';

interface NodeState {
  readonly pool: NodePool;
  readonly count: number;
  readonly atFirst: Amounts;
  readonly free: Amounts;
}

export interface AdmittingNodes {
  readonly admitted: number;
  readonly labels: number;
  readonly taints: number;
}

/** Amounts are in billionths of the unit. */
export interface ScarceResource {
  readonly resource: string;
  readonly asked: bigint;
  /** Among the nodes that admit the session. */
  readonly largestFree: bigint;
}

/** Counts equal nodes, so that thousands cost nothing. */
export class NodeStates {
  private states: readonly NodeState[];
  private readonly choices = new Map<PodGroup, number>();
  private readonly admissions = new Map<PodGroup['rules'], Map<NodePool, ReturnType<typeof admission>>>();

  /**
   * Nodes with devices or taints come last.
   * @param groups all groups to place: their rules decide which nodes are equal
   */
  constructor(pools: readonly NodePool[], groups: readonly PodGroup[]) {
    const byName = groups.some(({ rules }) => requiresNodeNames(rules));
    const asked = new Set(groups.flatMap(({ rules }) => requiredLabelKeys(rules)));
    const equal = grouped(byName ? pools.flatMap(singleNodes) : pools, (pool) =>
      JSON.stringify([byName ? pool.name : '', ...nodeKey(pool, asked)]),
    );
    const states = Array.from(equal.values()).flatMap((members): NodeState[] => {
      const [pool] = members;
      const count = members.reduce((total, each) => total + each.count, 0);
      return pool === undefined || count === 0 ? [] : [{ pool, count, atFirst: freeOf(pool), free: freeOf(pool) }];
    });
    const users = new Map(states.map((state) => [state, 0]));
    for (const group of groups) {
      const usable = states.filter((state) => this.isUsable(group, state));
      for (const state of usable) users.set(state, (users.get(state) ?? 0) + group.ids.length);
      this.choices.set(group, countOf(usable));
    }
    this.states = states.sort((one, other) => (users.get(one) ?? 0) - (users.get(other) ?? 0));
  }

  /** Number of nodes that could run a session of the group if they were empty. */
  choice(group: PodGroup): number {
    return this.choices.get(group) ?? 0;
  }

  /** What others leave of the memory of nodes that could run a session of one of the groups. */
  memoryFor(groups: readonly PodGroup[]): { readonly total: bigint; readonly largest: bigint } {
    const usable = this.states.filter((state) => groups.some((group) => this.isUsable(group, state)));
    const memoryOf = ({ atFirst }: NodeState): bigint => max(0n, atFirst.get('memory') ?? 0n);
    return {
      total: usable.reduce((total, state) => total + memoryOf(state) * BigInt(state.count), 0n),
      largest: usable.reduce((most, state) => max(most, memoryOf(state)), 0n),
    };
  }

  /** Further sessions that fit, and the resources of which no node has enough for one more. */
  room(group: PodGroup): { readonly sessions: number; readonly limitedBy: readonly string[] } {
    const before = this.states;
    const sessions = this.admittingStates(group).reduce(
      (total, { count, free }) => total + roomIn(free, group.requests) * BigInt(count),
      0n,
    );
    this.place(group, sessions);
    const limitedBy = this.scarce(group).map(({ resource }) => resource);
    this.states = before;
    return { sessions: Number(sessions), limitedBy };
  }

  admitting(group: PodGroup): AdmittingNodes {
    const counts = { admitted: 0, labels: 0, taints: 0 };
    for (const { pool, count } of this.states) counts[this.admission(group, pool)] += count;
    return counts;
  }

  /**
   * Counts nodes that could never run the group only if no others exist. Free CPU of a node without devices is of no
   * use.
   */
  scarce(group: PodGroup): ScarceResource[] {
    const admitting = this.admittingStates(group);
    const usable = admitting.filter((state) => this.isUsable(group, state));
    const states = usable.length > 0 ? usable : admitting;
    return Array.from(group.requests, ([resource, asked]) => ({
      resource,
      asked,
      largestFree: states.reduce((most, { free }) => max(most, free.get(resource) ?? 0n), 0n),
    })).filter(({ asked, largestFree }) => asked > largestFree);
  }

  /** @returns number of sessions without a node */
  place(group: PodGroup, sessions = BigInt(group.ids.length)): number {
    let left = sessions;
    const changed = new Map<NodeState, readonly NodeState[]>();
    for (const state of this.admittingStates(group)) {
      if (left === 0n) break;
      const each = roomIn(state.free, group.requests);
      if (each === 0n) continue;
      const full = min(left / each, BigInt(state.count));
      const rest = full < BigInt(state.count) ? left - full * each : 0n;
      left -= full * each + rest;
      const parts: [count: number, each: bigint][] = [
        [Number(full), each],
        [rest > 0n ? 1 : 0, rest],
        [state.count - Number(full) - (rest > 0n ? 1 : 0), 0n],
      ];
      changed.set(
        state,
        parts
          .filter(([count]) => count > 0)
          .map(([count, times]) => ({ ...state, count, free: without(state.free, group.requests, times) })),
      );
    }
    this.states = this.states.flatMap((state) => changed.get(state) ?? [state]);
    return Number(left);
  }

  get free(): Amounts {
    const total = new Map<string, bigint>();
    for (const { count, free } of this.states)
      for (const [resource, amount] of free)
        total.set(resource, (total.get(resource) ?? 0n) + (amount > 0n ? amount * BigInt(count) : 0n));
    return total;
  }

  private isUsable(group: PodGroup, { pool, atFirst }: NodeState): boolean {
    return this.admission(group, pool) === 'admitted' && roomIn(atFirst, group.requests) > 0n;
  }

  private admittingStates(group: PodGroup): readonly NodeState[] {
    return this.states.filter(({ pool }) => this.admission(group, pool) === 'admitted');
  }

  private admission({ rules }: PodGroup, pool: NodePool): ReturnType<typeof admission> {
    const known = this.admissions.get(rules) ?? new Map<NodePool, ReturnType<typeof admission>>();
    this.admissions.set(rules, known);
    const found = known.get(pool) ?? admission(rules, pool);
    known.set(pool, found);
    return found;
  }
}

const singleNodes = (pool: NodePool): readonly NodePool[] =>
  pool.count === 1
    ? [pool]
    : Array.from({ length: pool.count }, (_, index) => ({ ...pool, count: 1, name: `${pool.name}-${String(index + 1)}` })); // prettier-ignore

const nodeKey = ({ allocatable, taken, labels, taints }: NodePool, asked: ReadonlySet<string>): unknown[] => [
  Array.from(allocatable, ([resource, amount]) => [resource, String(amount - (taken.get(resource) ?? 0n))]).sort(),
  Object.entries(labels)
    .filter(([key]) => asked.has(key))
    .sort(),
  taints.map(({ key, value = '', effect }) => [key, value, effect]).sort(),
];

const freeOf = ({ allocatable, taken }: NodePool): Amounts =>
  new Map(Array.from(allocatable, ([resource, amount]) => [resource, amount - (taken.get(resource) ?? 0n)]));

function roomIn(free: Amounts, requests: Amounts): bigint {
  let least: bigint | undefined;
  for (const [resource, amount] of requests) {
    if (amount === 0n) continue;
    const has = free.get(resource) ?? 0n;
    if (has < amount) return 0n;
    const room = has / amount;
    if (least === undefined || room < least) least = room;
  }
  return least ?? 0n;
}

const without = (free: Amounts, requests: Amounts, times: bigint): Amounts =>
  times === 0n
    ? free
    : new Map(Array.from(free, ([resource, amount]) => [resource, amount - (requests.get(resource) ?? 0n) * times]));

const countOf = (states: readonly NodeState[]): number => states.reduce((total, { count }) => total + count, 0);

const min = (one: bigint, other: bigint): bigint => (one < other ? one : other);

const max = (one: bigint, other: bigint): bigint => (one > other ? one : other);
