import { parseAllDocuments } from 'yaml';
import { synthesizeProject } from '../../src/index';
import type { Manifest } from '@dozlab/charts/yaml';
import { at } from '@dozlab/charts/schema';
import { nano, type Quantity } from '../../src/api/values/quantity';
import { dozlab } from '../support/cli';
import { cohort, lab, project, projectWith, session } from '../support/project';
import { kubectl, removeAtEnd, uniqueName, waitForServiceAccount } from './cluster';
import { binFolder } from './tools';

/** What `dozlab capacity` counts, beside what the API server and the scheduler count. */

const namespace = uniqueName('dozlab-test-capacity');
const other = uniqueName('dozlab-test-capacity-other');
const mark = uniqueName('capacity');

const DEVICES = { 'devices.kubevirt.io/kvm': 100, 'devices.kubevirt.io/tun': 100 };

/** Nodes of several sizes that no other test's pods may run on. */
const NODES: Readonly<Record<string, { allocatable: object; labels?: object; spec?: object }>> = {
  // Of which what stands there takes 500m: one millicore less than three sessions ask for is left.
  cpu: { allocatable: { cpu: '3049m', memory: '64Gi', 'ephemeral-storage': '1Ti', pods: '110', ...DEVICES } },
  exact: { allocatable: { cpu: '1700m', memory: '64Gi', 'ephemeral-storage': '1Ti', pods: '110', ...DEVICES } },
  memory: { allocatable: { cpu: '64', memory: '14Gi', 'ephemeral-storage': '1Ti', pods: '110', ...DEVICES } },
  disk: { allocatable: { cpu: '64', memory: '64Gi', 'ephemeral-storage': '30Gi', pods: '110', ...DEVICES } },
  pods: { allocatable: { cpu: '64', memory: '64Gi', 'ephemeral-storage': '1Ti', pods: '3', ...DEVICES } },
  'no-devices': { allocatable: { cpu: '64', memory: '64Gi', 'ephemeral-storage': '1Ti', pods: '110' } },
  'no-label': {
    allocatable: { cpu: '64', memory: '64Gi', 'ephemeral-storage': '1Ti', pods: '110', ...DEVICES },
    labels: {},
  },
  cordoned: {
    allocatable: { cpu: '64', memory: '64Gi', 'ephemeral-storage': '1Ti', pods: '110', ...DEVICES },
    spec: { unschedulable: true },
  },
};

const TAINT = { key: 'dozlab.io/test', value: mark, effect: 'NoSchedule' };
const names = Object.keys(NODES).map((name) => `${mark}-${name}`);

const nodes = Object.entries(NODES).map(([name, { allocatable, labels = { class: mark }, spec = {} }]) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: `${mark}-${name}`, labels: { test: mark, ...labels } },
  spec: { taints: [TAINT], ...spec },
  status: { allocatable, capacity: allocatable },
}));

/** What stands on the first node already: an init container that is done, one that runs on, and a container. */
const standing = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'standing', namespace: other },
  spec: {
    nodeName: `${mark}-cpu`,
    initContainers: [
      { name: 'done', image: 'busybox', resources: { requests: { cpu: '150m' } } },
      { name: 'sidecar', image: 'busybox', restartPolicy: 'Always', resources: { requests: { cpu: '200m' } } },
    ],
    containers: [
      { name: 'main', image: 'busybox', resources: { limits: { cpu: '300m', memory: '64Mi' } } },
      { name: 'small', image: 'busybox' },
    ],
    tolerations: [{ operator: 'Exists' }],
  },
};

const PLACED = { nodeSelector: { class: mark }, tolerations: [{ key: 'dozlab.io/test', operator: 'Exists' }] };
const KEPT = { volumes: { vmData: { sizeLimit: '10Gi', persistence: { enabled: true } } } };

/** More sessions than the nodes have room for: 2 and 2 by CPU, 5 by memory, 2 by disk and 3 by pods. */
const ids = Array.from({ length: 16 }, (_, index) => `student-${String(index).padStart(2, '0')}`);

const folder = projectWith({
  'dozlab.yaml': project({
    infra: {
      podPolicy: { enabled: false },
      quota: {
        hard: {
          'requests.cpu': 1000,
          memory: '1Ti',
          'requests.ephemeral-storage': '10Ti',
          'limits.cpu': 1000,
          'limits.memory': '10Ti',
          'requests.devices.kubevirt.io/kvm': 1000,
          'requests.storage': '1Ti',
          pods: 100,
          'count/pods': 100,
          persistentvolumeclaims: 100,
        },
      },
    },
    values: PLACED,
  }),
  'labs/vm.yaml': lab('vm'),
  'sessions/class/cohort.yaml': cohort('class', { namespace }),
  ...Object.fromEntries(ids.map((id) => [`sessions/class/${id}.yaml`, session(id)])),
  'sessions/class/z-suspended.yaml': session('z-suspended', { suspended: true, values: KEPT }),
  'sessions/class/z-huge.yaml': session('z-huge', {
    values: { firecracker: { resources: { requests: { memory: '128Gi' }, limits: { memory: '129Gi' } } } },
  }),
  'sessions/class/z-elsewhere.yaml': session('z-elsewhere', { values: { nodeSelector: { class: 'nowhere' } } }),
});

const { files = [] } = synthesizeProject(folder);

const objectsIn = (start: string): Manifest[] =>
  files
    .filter(({ path }) => path.startsWith(start) && !path.endsWith('kustomization.yaml'))
    .flatMap(({ content }) => parseAllDocuments(content).map((document) => document.toJS() as Manifest));

interface Report {
  readonly fits: boolean;
  readonly namespaces: readonly { readonly quota: readonly { readonly resource: string; readonly used: Quantity }[] }[];
  readonly nodes: {
    readonly nodes: number;
    readonly sessions: number;
    readonly placed: number;
    readonly groups: readonly {
      readonly sessions: number;
      readonly unplaced: readonly string[];
      readonly shortage: unknown;
    }[];
    readonly resources: readonly { readonly resource: string; readonly taken: string }[];
  };
}

const report = (): Report => {
  const { stdout, stderr, status } = dozlab(['capacity', '--cluster', '--project', folder, '-o', 'json'], {
    env: { ...process.env, PATH: `${binFolder()}:${process.env['PATH'] ?? ''}` },
  });
  expect(stderr).toBe('');
  expect(status).toBe(1);
  return JSON.parse(stdout) as Report;
};

/** The taints of our nodes: those that the cluster gives a new node go when it is ready. */
const hasOwnTaintsAlone = (): boolean =>
  kubectl
    .list('nodes', '-l', `test=${mark}`)
    .every((node) =>
      ((at(node, ['spec', 'taints']) ?? []) as { key: string }[]).every(({ key }) =>
        [TAINT.key, 'node.kubernetes.io/unschedulable'].includes(key),
      ),
    );

const until = async (isSo: () => boolean): Promise<void> => {
  for (let tries = 0; !isSo(); tries++) {
    if (tries > 300) throw new Error('it has not become so in a minute');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
};

/** The pods of sessions, with the node that each has: none when the scheduler has found none. */
const pods = () =>
  kubectl.list('pods', '-n', namespace, '-l', 'session-id').map((pod) => ({
    node: at(pod, ['spec', 'nodeName']) as string | undefined,
    session: pod.metadata.labels?.['session-id'],
    isDecided: ((at(pod, ['status', 'conditions']) ?? []) as { type: string }[]).some(
      ({ type }) => type === 'PodScheduled',
    ),
  }));

let before: Report;

beforeAll(async () => {
  for (const name of names) removeAtEnd('node', name);
  for (const name of [namespace, other]) removeAtEnd('namespace', name);
  kubectl.apply(nodes);
  kubectl.apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: other } }]);
  waitForServiceAccount(other);
  kubectl.run(['wait', '--for=condition=Ready', 'node', '-l', `test=${mark}`, '--timeout=60s']);
  kubectl.apply([standing]);
  kubectl.run(['wait', '--for=condition=Ready', 'pod/standing', '-n', other, '--timeout=60s']);
  await until(hasOwnTaintsAlone);
  before = report();
  const around = objectsIn('infra/namespaces/');
  kubectl.apply(around.filter(({ kind }) => kind === 'Namespace'));
  waitForServiceAccount(namespace);
  kubectl.apply(around);
  kubectl.run(['wait', 'resourcequota/lab-sessions', '-n', namespace, '--for=jsonpath={.status.hard.pods}=100', '--timeout=60s']); // prettier-ignore
  kubectl.apply(objectsIn('sessions/class/'));
  await until(() => pods().filter(({ isDecided }) => isDecided).length === ids.length + 2);
});

test('as many sessions get a node as capacity predicts', () => {
  const scheduled = pods().filter(({ node }) => node !== undefined);
  expect(before.nodes).toMatchObject({ sessions: 18, placed: 14 });
  expect(scheduled).toHaveLength(before.nodes.placed);
  expect(scheduled.every(({ node = '' }) => names.includes(node))).toBe(true);
});

test('capacity predicts the sessions without a node, with the reason', () => {
  const without = pods().flatMap(({ node, session: id }) => (node === undefined ? [id] : []));
  expect(without).toEqual(expect.arrayContaining(['z-elsewhere', 'z-huge']));
  const shortageOf = (id: string): unknown =>
    before.nodes.groups.find(({ unplaced }) => unplaced.includes(id))?.shortage;
  expect(shortageOf('z-elsewhere')).toMatchObject({ nodes: { admitted: 0 }, resources: [] });
  expect(shortageOf('z-huge')).toMatchObject({ resources: [{ resource: 'memory', largestFree: '64Gi' }] });
});

test('what others take is counted as the scheduler does, and our own sessions are not among them', () => {
  const after = report();
  const taken = (resource: string, { nodes: { resources } }: Report) => resources.find((each) => each.resource === resource)?.taken; // prettier-ignore
  // The init container that is done ran before the sidecar, which runs beside both containers.
  expect(nano(taken('cpu', before) ?? 0)).toBeGreaterThanOrEqual(nano('500m'));
  expect(after.nodes).toMatchObject({ sessions: 18, placed: 14 });
});

test('the API server counts the same against the quota', async () => {
  const [{ quota } = { quota: [] }] = before.namespaces;
  const used = (): Record<string, Quantity> =>
    at(kubectl.get('resourcequota', 'lab-sessions', '-n', namespace), ['status', 'used']) as Record<string, Quantity>;
  await until(() => used()['pods'] === '18');
  const exact = (amounts: Record<string, Quantity>) =>
    Object.fromEntries(Object.entries(amounts).map(([resource, amount]) => [resource, nano(amount)]));
  expect(quota).toHaveLength(10);
  expect(exact(used())).toEqual(exact(Object.fromEntries(quota.map((each) => [each.resource, each.used]))));
  expect(used()).toMatchObject({ persistentvolumeclaims: '1', 'requests.storage': '10Gi' });
});
