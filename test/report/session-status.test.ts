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
  ['another pod was evicted after one that starts', 'starting', [deployment(1), STARTING, EVICTED]],
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
