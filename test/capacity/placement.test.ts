import fc from 'fast-check';
import type { NodePool, Taint } from '../../src/capacity/scheduling-rules';
import { place, placementOf, type Placement } from '../../src/capacity/placement';
import type { PodGroup } from '../../src/capacity/pod-group';
import { projectState } from '../../src/capacity/project-state';
import { capacityOf } from '../../src/capacity/capacity';
import { verdict } from '../../src/capacity/verdict';
import type { Mapping } from '@dozlab/charts/schema';
import { nano, type Quantity } from '../../src/api/values/quantity';
import { project, projectWith, session, smallProject } from '../support/project';
import { expectProperty } from '../support/property';

const amounts = (quantities: Readonly<Record<string, Quantity>>) =>
  new Map(Object.entries(quantities).map(([resource, quantity]) => [resource, nano(quantity)]));

const pool = (
  name: string,
  allocatable: Readonly<Record<string, Quantity>>,
  more: Partial<NodePool> = {},
): NodePool => ({
  ...{ name, count: 1, taken: new Map(), labels: {}, taints: [] },
  allocatable: amounts({ pods: 110, ...allocatable }),
  ...more,
});

const ROOMY = { cpu: 64, memory: '256Gi', 'ephemeral-storage': '1Ti', 'devices.kubevirt.io/kvm': 100, 'devices.kubevirt.io/tun': 100 }; // prettier-ignore

/** How a class of students, each asking for 850m, 2688Mi, 11Gi of disk and the devices, fits onto nodes. */
function placed(count: number, pools: readonly NodePool[], values: Mapping = {}): Placement {
  const ids = Array.from({ length: count }, (_, index) => `s-${String(index)}`);
  const sessions = Object.fromEntries(ids.map((id) => [`sessions/class/${id}.yaml`, session(id)]));
  const files = smallProject({ 'dozlab.yaml': project({ values }), ...sessions });
  const { 'sessions/class/alice.yaml': _, ...others } = files;
  return placementOf(projectState(projectWith(others)), pools);
}

describe('placement', () => {
  test.each<[string, Readonly<Record<string, Quantity>>, number]>([
    ['CPU', { cpu: '2549m' }, 2],
    ['CPU, just enough', { cpu: '2550m' }, 3],
    ['memory', { memory: '5375Mi' }, 1],
    ['disk', { 'ephemeral-storage': '40Gi' }, 3],
    ['devices', { 'devices.kubevirt.io/kvm': 4 }, 4],
    ['pods', { pods: 2 }, 2],
  ])('counts %s of each node alone: a pod does not split over nodes', (_, few, each) => {
    const result = placed(20, [pool('node', { ...ROOMY, ...few }, { count: 3 })]);
    expect([result.nodes, result.sessions, result.placed]).toEqual([3, 20, 3 * each]);
    expect(result.room).toMatchObject([{ cohort: 'class', lab: 'vm', sessions: 0 }]);
  });

  test('gives no resource to sessions that a node does not list', () => {
    const { cpu, memory } = ROOMY;
    const result = placed(1, [
      pool('plain', { cpu, memory }),
      pool('disk', { cpu, memory, 'ephemeral-storage': '1Ti' }),
    ]);
    expect(result.placed).toBe(0);
    expect(result.groups[0]?.shortage?.resources.map(({ resource }) => resource)).toEqual([
      'devices.kubevirt.io/kvm',
      'devices.kubevirt.io/tun',
    ]);
  });

  test('names the last sessions of a group as unplaced, with the scarce resources', () => {
    const state = projectState(projectWith(smallProject({ 'sessions/class/bob.yaml': session('bob') })));
    const nodes = [pool('plain', { cpu: 64, memory: '256Gi' }), pool('kvm', { ...ROOMY, cpu: 1, memory: '3Gi' })];
    const placement = placementOf(state, nodes);
    const { fits, reasons } = verdict(capacityOf(state), placement);
    expect(fits).toBe(false);
    expect(reasons).toEqual([
      {
        ...{ scope: 'nodes', cohorts: ['class'], sessions: ['bob'], resource: 'cpu', asked: '850m', limit: '150m' },
        text: '1 session of class without a node: each requests CPU 850m, the most free on a node is 150m',
      },
      {
        ...{
          scope: 'nodes',
          cohorts: ['class'],
          sessions: ['bob'],
          resource: 'memory',
          asked: '2688Mi',
          limit: '384Mi',
        },
        text: '1 session of class without a node: each requests memory 2688Mi, the most free on a node is 384Mi',
      },
    ]);
    expect(verdict(capacityOf(state), placement, 'other').fits).toBeNull();
  });

  test('reports no scarce resource if some node has enough of each, but none has enough of all', () => {
    const result = placed(2, [pool('cpu', { ...ROOMY, memory: '1Gi' }), pool('memory', { ...ROOMY, cpu: '500m' })]);
    expect(result.groups[0]?.shortage?.resources).toEqual([]);
    expect(verdict({ namespaces: [], cohorts: [], total: capacityOf(projectState(projectWith(smallProject()))).total }, result).text).toBe('does not fit: 2 sessions of class without a node: no node has enough of all resources'); // prettier-ignore
  });

  test('is empty without nodes or without sessions', () => {
    expect(placed(1, [])).toMatchObject({ nodes: 0, sessions: 1, placed: 0 });
    expect(placed(0, [pool('node', ROOMY)])).toMatchObject({ nodes: 1, sessions: 0, placed: 0, resources: [] });
  });
});

describe('a node', () => {
  const one = (values: Mapping, node: Partial<NodePool>): number =>
    placed(1, [pool('node-1', ROOMY, node)], values).placed;
  const term = (...matchExpressions: Mapping[]): Mapping => ({
    affinity: {
      nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] } },
    },
  });
  const field = (operator: string, name: string): Mapping => ({
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator, values: [name] }] }],
        },
      },
    },
  });

  test.each<[Mapping, Record<string, string>, number]>([
    [{ nodeSelector: { kvm: 'yes' } }, { kvm: 'yes' }, 1],
    [{ nodeSelector: { kvm: 'yes' } }, { kvm: 'no' }, 0],
    [{ nodeSelector: { toString: 'yes' } }, {}, 0],
    [term({ key: 'zone', operator: 'In', values: ['a', 'b'] }), { zone: 'b' }, 1],
    [term({ key: 'zone', operator: 'In', values: ['a', 'b'] }), {}, 0],
    [term({ key: 'zone', operator: 'NotIn', values: ['a'] }), {}, 1],
    [term({ key: 'zone', operator: 'NotIn', values: ['a'] }), { zone: 'a' }, 0],
    [term({ key: 'zone', operator: 'Exists' }), { zone: '' }, 1],
    [term({ key: 'zone', operator: 'DoesNotExist' }), { zone: '' }, 0],
    [term({ key: 'cores', operator: 'Gt', values: ['8'] }), { cores: '16' }, 1],
    [term({ key: 'cores', operator: 'Gt', values: ['8'] }), { cores: '8' }, 0],
    [term({ key: 'cores', operator: 'Lt', values: ['8'] }), { cores: '-1' }, 1],
    [term({ key: 'cores', operator: 'Lt', values: ['8'] }), { cores: 'few' }, 0],
    [term({ key: 'a', operator: 'Exists' }, { key: 'b', operator: 'Exists' }), { a: '' }, 0],
    [term(), { a: '' }, 0],
    [field('In', 'node-1'), {}, 1],
    [field('NotIn', 'node-1'), {}, 0],
  ])('admits a session with %j if its labels are %j: %d', (values, labels, expected) => {
    expect(one(values, { labels })).toBe(expected);
  });

  test('of a pool is selected by its name', () => {
    expect(placed(300, [pool('large', { ...ROOMY, pods: 5 }, { count: 3 })], field('In', 'large-2')).placed).toBe(5);
  });

  const NO: Taint = { key: 'kvm', value: 'only', effect: 'NoSchedule' };
  test.each<[Mapping[], Taint, number]>([
    [[], NO, 0],
    [[], { ...NO, effect: 'NoExecute' }, 0],
    [[], { ...NO, effect: 'PreferNoSchedule' }, 1],
    [[{ key: 'kvm', value: 'only', effect: 'NoSchedule' }], NO, 1],
    [[{ key: 'kvm', operator: 'Equal', value: 'only' }], NO, 1],
    [[{ key: 'kvm', value: 'other' }], NO, 0],
    [[{ key: 'kvm', operator: 'Exists', effect: 'NoExecute' }], NO, 0],
    [[{ key: 'kvm', operator: 'Exists' }], NO, 1],
    [[{ operator: 'Exists' }], NO, 1],
    [[{ key: 'kvm' }], { key: 'kvm', effect: 'NoSchedule' }, 1],
    [[{ key: 'other', operator: 'Exists' }], NO, 0],
  ])('admits a session with the tolerations %j if its taint is %j: %d', (tolerations, taint, expected) => {
    expect(one({ tolerations }, { taints: [taint] })).toBe(expected);
  });

  test('that rejects sessions is counted by labels or taints', () => {
    const result = placed(1, [pool('a', ROOMY, { labels: { kvm: 'no' }, count: 2 }), pool('b', ROOMY, { labels: { kvm: 'yes' }, taints: [NO] })], { nodeSelector: { kvm: 'yes' } }); // prettier-ignore
    expect(result.groups[0]?.shortage).toEqual({ nodes: { admitted: 0, labels: 2, taints: 1 }, resources: [] });
  });
});

test('placement lists the values that it ignores', () => {
  const spread = { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' };
  expect(placed(1, [], { topologySpreadConstraints: [spread] }).uncounted).toEqual(['topologySpreadConstraints']);
  expect(placed(1, []).uncounted).toEqual([]);
});

test('placement uses nodes with devices last', () => {
  const group = (lab: string, requests: Readonly<Record<string, Quantity>>, count: number): PodGroup => ({
    ...{ cohort: 'class', lab, ids: Array.from({ length: count }, (_, index) => String(index)) },
    requests: amounts({ pods: 1, ...requests }),
    memoryLimit: 0n,
    rules: { nodeSelector: {}, tolerations: [] },
  });
  const groups = [group('plain', { cpu: 3 }, 2), group('kvm', { cpu: 1, 'example.com/kvm': 1 }, 4)];
  const nodes = [pool('kvm', { cpu: 4, 'example.com/kvm': 10 }), pool('plain', { cpu: 6 })];
  expect(place(groups, nodes).placed).toBe(6);
});

/** The same placement, pod by pod on single nodes: slow and plain. */
function placedOneByOne(groups: readonly PodGroup[], pools: readonly NodePool[]): number[] {
  const canRun = (group: PodGroup, node: { pool: NodePool; free: Map<string, bigint> }): boolean =>
    Object.entries(group.rules.nodeSelector).every(([key, value]) => node.pool.labels[key] === value) &&
    (node.pool.taints.length === 0 || group.rules.tolerations.length > 0) &&
    Array.from(group.requests).every(
      ([resource, amount]) => amount === 0n || (node.free.get(resource) ?? 0n) >= amount,
    );
  const equal = new Map<string, NodePool[]>();
  for (const each of pools) {
    const key = JSON.stringify([Array.from(each.allocatable, ([name, amount]) => [name, String(amount)]).sort(), each.labels, each.taints]); // prettier-ignore
    equal.set(key, [...(equal.get(key) ?? []), ...Array.from({ length: each.count }, () => each)]);
  }
  const nodes = [...equal.values()].flat().map((each) => ({ pool: each, free: new Map(each.allocatable) }));
  const users = new Map(
    nodes.map((node) => [
      node,
      groups.filter((group) => canRun(group, node)).reduce((sum, { ids }) => sum + ids.length, 0),
    ]),
  );
  nodes.sort((a, b) => (users.get(a) ?? 0) - (users.get(b) ?? 0));
  return groups.map((group) => {
    let count = 0;
    for (const _ of group.ids) {
      const node = nodes.find((each) => canRun(group, each));
      if (node === undefined) break;
      for (const [resource, amount] of group.requests)
        node.free.set(resource, (node.free.get(resource) ?? 0n) - amount);
      if (Array.from(node.free.values()).some((free) => free < 0n)) throw new Error('more is taken than there is');
      count++;
    }
    return count;
  });
}

const RESOURCES = ['cpu', 'memory', 'example.com/kvm'];

const arbitraryPools = fc.array(
  fc.record({
    count: fc.integer({ min: 0, max: 4 }),
    sizes: fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 3 }),
    zone: fc.constantFrom('a', 'b'),
    tainted: fc.boolean(),
  }),
  { maxLength: 5 },
);

const arbitraryGroups = fc.array(
  fc.record({
    count: fc.integer({ min: 1, max: 12 }),
    sizes: fc.array(fc.integer({ min: 0, max: 7 }), { minLength: 3, maxLength: 3 }),
    zone: fc.option(fc.constantFrom('a', 'b')),
    tolerates: fc.boolean(),
  }),
  { minLength: 1, maxLength: 5 },
);

const quantitiesOf = (sizes: readonly number[]): Record<string, number> =>
  Object.fromEntries(sizes.map((size, index) => [RESOURCES[index] ?? '', size]));

test('placement by counts equals placement one by one, and never exceeds a node', () => {
  expectProperty(fc.tuple(arbitraryPools, arbitraryGroups), ([givenPools, givenGroups]) => {
    const pools = givenPools.map(({ count, sizes, zone, tainted }, index) =>
      pool(`pool-${String(index)}`, quantitiesOf(sizes), {
        count,
        labels: { zone, name: String(index) },
        taints: tainted ? [{ key: 'taint', effect: 'NoSchedule' }] : [],
      }),
    );
    const groups = givenGroups.map(({ count, sizes, zone, tolerates }, index): PodGroup => ({
      ...{ cohort: 'class', lab: String(index), ids: Array.from({ length: count }, (_, at) => String(at)) },
      requests: amounts({ ...quantitiesOf(sizes), pods: 1 }),
      memoryLimit: 0n,
      rules: { nodeSelector: zone === null ? {} : { zone }, tolerations: tolerates ? [{ operator: 'Exists' }] : [] },
    }));
    const result = place(groups, pools);
    // Labels that no session selects do not matter.
    const asked = givenGroups.some(({ zone }) => zone !== null);
    const plain = pools.map((each): NodePool => ({
      ...each,
      labels: asked ? { zone: each.labels['zone'] ?? '' } : {},
    }));
    expect(result.groups.map((group) => group.placed)).toEqual(placedOneByOne(result.groups, plain));
    for (const { allocatable, sessions, free } of result.resources) expect(sessions + free).toBe(allocatable);
  });
});

test('placement of sessions of one size fills all nodes', () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 20 });
  expectProperty(
    fc.tuple(sizes, fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 99 })),
    ([nodes, size, count]) => {
      // prettier-ignore
      const pools = nodes.map((cpu, index) => pool(String(index), { cpu }));
      const ids = Array.from({ length: count }, (_, index) => String(index));
      const group: PodGroup = { cohort: 'class', lab: 'vm', ids, requests: amounts({ cpu: size, pods: 1 }), memoryLimit: 0n, rules: { nodeSelector: {}, tolerations: [] } }; // prettier-ignore
      const room = nodes.reduce((total, cpu) => total + Math.floor(cpu / size), 0);
      const result = place([group], pools, [group]);
      expect(result.placed).toBe(Math.min(count, room));
      expect(result.room[0]?.sessions).toBe(room - result.placed);
    },
  );
});

test('placement of 10,000 sessions on 1,000 nodes ends', () => {
  const groups = Array.from({ length: 20 }, (_, index): PodGroup => ({
    ...{ cohort: 'class', lab: String(index), ids: Array.from({ length: 500 }, (_unused, at) => String(at)) },
    requests: amounts({ cpu: `${String(500 + index)}m`, memory: `${String(1024 + index)}Mi`, pods: 1 }),
    memoryLimit: 0n,
    rules: { nodeSelector: {}, tolerations: [] },
  }));
  const pools = Array.from({ length: 1000 }, (_, index) =>
    pool(`node-${String(index)}`, { cpu: 16, memory: `${String(64_000 + index)}Mi` }),
  );
  expect(place(groups, pools).placed).toBe(10_000);
});
