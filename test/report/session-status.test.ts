import { sessionStatus, type SessionStatus } from '../../src/report/session-status';
import type { Session } from '../../src/model/session';

const labels = { app: 'lab-environment', 'session-id': 'alice' };
const condition = (type: string, status: string, message?: string) => ({ type, status, message });
const deployment = (replicas: number, ...conditions: object[]) => ({
  kind: 'Deployment',
  metadata: { labels },
  spec: { replicas },
  status: { conditions },
});
const release = (status: string) => ({
  kind: 'HelmRelease',
  metadata: { labels },
  status: { conditions: [condition('Ready', status, 'no chart')] },
});
const pod = (status: object, metadata: object = {}) => ({ kind: 'Pod', metadata: { labels, ...metadata }, status });

const SCHEDULED = condition('PodScheduled', 'True');
const READY = pod({ phase: 'Running', conditions: [SCHEDULED, condition('Ready', 'True')] });
const STARTING = pod({ phase: 'Pending', conditions: [SCHEDULED, condition('Ready', 'False')] });
const EVICTED = pod({ phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' });
const REFUSED = condition('ReplicaFailure', 'True', 'exceeded quota');
const waiting = (name: string, reason: string, message?: string) => ({ name, state: { waiting: { reason, message } } });

/** `state: message` of the session alice, by the objects of its namespace. */
function stateOf(...objects: object[]): string {
  const session = { cohort: 'class', id: 'alice', namespace: 'lab-class' } as Session;
  const [{ state, message } = {} as SessionStatus] = sessionStatus([session], () => objects);
  return message === undefined ? state : `${state}: ${message}`;
}

test.each<[string, string, object[]]>([
  ['it has no object', 'missing', []],
  ['only another session has objects', 'missing', [{ ...READY, metadata: { labels: { 'session-id': 'bob' } } }]],
  ['Flux failed to install its release', 'failed: no chart', [release('False')]],
  ['Flux installs its release', 'missing', [release('Unknown')]],
  [
    'the upgrade of its release failed',
    'running: the last change is not applied: no chart',
    [release('False'), deployment(1), READY],
  ],
  ['it has no replicas', 'suspended', [deployment(0)]],
  ['its last pod has not ended', 'suspended', [deployment(0), READY]],
  ['it has no pod yet', 'pending', [deployment(1)]],
  ['the API server refuses its pod', 'refused: exceeded quota', [deployment(1, REFUSED)]],
  ['the API server refused a pod before', 'running', [deployment(1, REFUSED), READY]],
  [
    'no node has room',
    'pending: 0/2 nodes are available',
    [deployment(1), pod({ conditions: [condition('PodScheduled', 'False', '0/2 nodes are available')] })],
  ],
  ['no scheduler has seen its pod', 'pending', [deployment(1), pod({})]],
  ['its containers start', 'starting', [deployment(1), STARTING]],
  ['its only pod is a Pod', 'running', [READY]],
  [
    'its only pod is being deleted',
    'pending',
    [deployment(1), { ...READY, metadata: { labels, deletionTimestamp: 'now' } }],
  ],
  ['its pod was evicted', 'ended: Evicted: The node was low on resource: memory.', [EVICTED]],
  ['its pod succeeded', 'ended', [pod({ phase: 'Succeeded', conditions: [SCHEDULED] })]],
  ['another pod was evicted before', 'running', [deployment(1), EVICTED, READY]],
  ['another pod was evicted later', 'running', [deployment(1), READY, EVICTED]],
  [
    'another pod was evicted after one that starts',
    'starting: the pod before ended: Evicted: The node was low on resource: memory.',
    [deployment(1), STARTING, EVICTED],
  ],
])('if %s, a session is %s', (_, state, objects) => {
  expect(stateOf(...objects)).toBe(state);
});

test('the message of a starting session has what its containers wait for, unless they wait for each other', () => {
  const status = {
    phase: 'Pending',
    conditions: [SCHEDULED],
    initContainerStatuses: [waiting('init-rootfs', 'ImagePullBackOff', 'no such image')],
    containerStatuses: [waiting('terminal', 'PodInitializing'), waiting('code-server', 'CrashLoopBackOff')],
  };
  expect(stateOf(pod(status))).toBe(
    'starting: init-rootfs: ImagePullBackOff: no such image; code-server: CrashLoopBackOff',
  );
});

test('sessionStatus reads the objects of a namespace once', () => {
  const seen: string[] = [];
  const sessions = ['a', 'b', 'c'].map((id) => ({ cohort: 'class', id, namespace: id === 'c' ? 'two' : 'one' }));
  sessionStatus(sessions as Session[], (namespace) => {
    seen.push(namespace);
    return [];
  });
  expect(seen).toEqual(['one', 'two']);
});

const terminated = (reason: string, exitCode: number, message?: string) => ({
  terminated: { reason, exitCode, message },
});

test.each<[string, object, string]>([
  [
    'an init container that wrote why it failed',
    { state: terminated('Error', 20, 'init-rootfs: download-failed: 404. Fix: correct it\nmore\n') },
    'vm: init-rootfs: download-failed: 404. Fix: correct it',
  ],
  ['an end without a message', { state: terminated('Error', 3) }, 'vm: Error with exit code 3'],
  [
    'a container that ends again and again',
    {
      state: { waiting: { reason: 'CrashLoopBackOff' } },
      lastState: terminated('Error', 1, 'no-kvm'),
      restartCount: 4,
    },
    'vm: no-kvm (restarts: 4)',
  ],
  [
    'a container that used too much memory and runs again',
    { state: { running: {} }, started: false, lastState: terminated('OOMKilled', 137), restartCount: 1 },
    'vm: does not answer its startup probe; OOMKilled: it used more memory than its limit (restarts: 1)',
  ],
  [
    'a container that is not ready',
    { state: { running: {} }, started: true, ready: false },
    'vm: does not answer its readiness probe',
  ],
])('the message of a starting session names %s', (_, status, message) => {
  const state = { phase: 'Pending', conditions: [SCHEDULED], containerStatuses: [{ name: 'vm', ...status }] };
  expect(stateOf(pod(state))).toBe(`starting: ${message}`);
});

test('a container that is ready or has succeeded is no cause', () => {
  const containerStatuses = [
    { name: 'a', ready: true, started: true, state: { running: {} } },
    { name: 'b', state: terminated('Completed', 0) },
  ];
  expect(stateOf(pod({ phase: 'Running', conditions: [SCHEDULED], containerStatuses }))).toBe('starting');
});
