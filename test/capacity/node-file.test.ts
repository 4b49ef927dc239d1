import { stringify } from 'yaml';
import { quantityOf } from '../../src/model/pod-requests';
import { readNodes } from '../../src/capacity/node-file';
import type { NodePool } from '../../src/capacity/scheduling-rules';
import { placeOf } from '../support/problems';

const node = (name: string, spec: object = {}, labels: object = {}, allocatable: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels, annotations: { note: 'anything' }, uid: '1' },
  spec: { podCIDR: '10.0.0.0/24', ...spec },
  status: {
    allocatable: { cpu: '7910m', memory: '32863232Ki', 'attachable-volumes-aws-ebs': '25', ...allocatable },
    images: [{ names: ['busybox'], sizeBytes: 1 }],
  },
});

const list = (...items: object[]) => ({ apiVersion: 'v1', kind: 'List', items, metadata: { resourceVersion: '' } });

const read = (content: unknown): readonly NodePool[] => {
  const { pools, problems } = readNodes('nodes.yaml', typeof content === 'string' ? content : stringify(content));
  expect(problems).toEqual([]);
  return pools;
};

const allocatableOf = ({ allocatable }: NodePool): Record<string, string> =>
  Object.fromEntries(Array.from(allocatable, ([resource, amount]) => [resource, quantityOf(resource, amount)]));

describe('output of kubectl', () => {
  const taint = { key: 'gpu', value: 'yes', effect: 'NoSchedule', timeAdded: '2026-01-01T00:00:00Z' };
  const given = list(node('one', { taints: [taint] }, { zone: 'a' }), node('two', { unschedulable: true }));

  test.each([
    ['YAML', stringify(given)],
    ['JSON', JSON.stringify(given, undefined, 4)],
    ['documents', given.items.map((item) => stringify(item)).join('---\n')],
    ['a NodeList', stringify({ apiVersion: 'v1', kind: 'NodeList', items: given.items })],
  ])('is read as %s', (_, text) => {
    const [one, two] = read(text) as [NodePool, NodePool];
    expect(one).toMatchObject({ name: 'one', count: 1, labels: { zone: 'a' }, taints: [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }] }); // prettier-ignore
    expect(two).toMatchObject({ name: 'two', taints: [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }] }); // prettier-ignore
    expect(allocatableOf(one)).toEqual({ cpu: '7910m', memory: '32093Mi', 'attachable-volumes-aws-ebs': '25', pods: '110' }); // prettier-ignore
    expect(one.taken.size).toBe(0);
  });

  test('may list no nodes', () => {
    expect(read(list())).toEqual([]);
  });
});

describe('pools', () => {
  test('are read with defaults', () => {
    const [large, small] = read([
      { name: 'large', count: 3, allocatable: { cpu: 16, memory: '64Gi', pods: 30 }, reserved: { cpu: '500m', pods: 4 }, labels: { kvm: 'yes' }, taints: [{ key: 'kvm', effect: 'NoExecute' }] }, // prettier-ignore
      { name: 'small', allocatable: {} },
    ]) as [NodePool, NodePool];
    expect(large).toMatchObject({ name: 'large', count: 3, labels: { kvm: 'yes' }, taints: [{ key: 'kvm', effect: 'NoExecute' }] }); // prettier-ignore
    expect(allocatableOf(large)).toEqual({ cpu: '16', memory: '64Gi', pods: '30' });
    expect(Object.fromEntries(large.taken)).toEqual({ cpu: 5n * 10n ** 8n, pods: 4n * 10n ** 9n });
    expect(small).toMatchObject({ count: 1, labels: {}, taints: [] });
    expect(allocatableOf(small)).toEqual({ pods: '110' });
  });
});

describe('problems of a node file have their positions', () => {
  const wrong = (text: string): string[] => readNodes('nodes.yaml', text).problems.map(placeOf);

  test('in pools', () => {
    const text = `- name: one
  count: -1
  allocatable: { cpu: four, memry: 1Gi }
  lables: {}
- name: Two
  taints: [{ key: a, effect: Never }]
`;
    expect(wrong(text)).toEqual([
      'nodes.yaml:2:10 [0].count [wrong-value]',
      'nodes.yaml:3:23 [0].allocatable.cpu [wrong-value]',
      'nodes.yaml:3:29 [0].allocatable.memry [wrong-value]',
      'nodes.yaml:4:3 [0].lables [unknown-key]',
      'nodes.yaml:5:3 [1].allocatable [missing]',
      'nodes.yaml:5:9 [1].name [wrong-value]',
      'nodes.yaml:6:30 [1].taints[0].effect [wrong-value]',
    ]);
  });

  test('in pools with the same name', () => {
    expect(wrong('- {name: a, allocatable: {}}\n- {name: a, allocatable: {}}\n')).toEqual([
      'nodes.yaml:2:10 [1].name [conflict]',
    ]);
  });

  test('in output of kubectl', () => {
    const text = JSON.stringify(list({ ...node('one'), kind: 'Pod' }, { ...node('two'), status: {} }), undefined, 1);
    expect(wrong(text)).toEqual([
      'nodes.yaml:7:12 items[0].kind [wrong-value]',
      expect.stringMatching(/items\[1\]\.status\.allocatable \[missing\]$/) as string,
    ]);
  });

  test.each([
    ['text', 'nodes.yaml:1:1 [wrong-type]'],
    ['{kind: Pod}', 'nodes.yaml:1:1 [wrong-type]'],
    ['{"kind": "List", "items": 3}', 'nodes.yaml:1:1 [wrong-type]'],
    ['a: [', 'nodes.yaml:1:5 [malformed]'],
    ['', 'nodes.yaml:1:1 [malformed]'],
    ['---\n', 'nodes.yaml:1:4 [wrong-type]'],
    ['a: &a [*a]', 'nodes.yaml:1:1 [wrong-type]'],
  ])('%j', (text, place) => {
    expect(wrong(text)).toEqual([place]);
  });
});
