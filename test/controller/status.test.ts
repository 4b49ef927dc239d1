import { desiredObjects } from '../../src/controller/desired';
import type { LabSessionObject } from '../../src/controller/live-objects';
import { planSession } from '../../src/controller/plan';
import { type LabSessionState, statusOf } from '../../src/controller/status';
import { completeValues } from '../support/values';

const NOW = new Date('2026-01-01T00:01:00Z');

const session = (status?: object): LabSessionObject => ({
  apiVersion: 'dozlab.io/v1alpha1',
  kind: 'LabSession',
  metadata: { name: 'alice-001', namespace: 'lab-a', uid: 'u1', generation: 7 },
  spec: { userId: 'alice', lab: 'vm' },
  ...(status === undefined ? {} : { status }),
});

const desired = desiredObjects(session(), completeValues());
const podWanted = desired.pod ?? { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'none' } };

const running = { running: { startedAt: '2026-01-01T00:00:09Z' } };
const waiting = (reason: string, message?: string) => ({ waiting: { reason, message } });

const steps = {
  scheduled: { type: 'PodScheduled', status: 'True', lastTransitionTime: '2026-01-01T00:00:01Z' },
  rootfs: {
    name: 'init-rootfs',
    imageID: 'a',
    state: { terminated: { exitCode: 0, finishedAt: '2026-01-01T00:00:05Z' } },
  },
};

function statusWith(pod: object, now = NOW, before?: object): LabSessionState {
  const of = session(before);
  const live = [...desired.others, { ...podWanted, spec: { nodeName: 'node-a' }, status: pod }];
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: desired.secret?.name ?? '' } };
  const plan = planSession({
    session: of,
    problems: [],
    desired,
    live: [...live, secret],
    replacements: { count: 0 },
    now,
  });
  return statusOf(of, plan, now);
}

const inShort = ({ conditions }: LabSessionState): string[] =>
  conditions.map(({ type, status, reason }) => `${type}=${status} ${reason}`);

test.each<[string, object, string, RegExp]>([
  [
    'no node has room',
    {
      conditions: [
        { type: 'PodScheduled', status: 'False', message: '0/3 nodes: 3 Insufficient devices.kubevirt.io/kvm' },
      ],
    },
    'Scheduled=False NoNode',
    /Insufficient devices\.kubevirt\.io\/kvm/,
  ],
  [
    'an image cannot be pulled',
    {
      conditions: [steps.scheduled],
      initContainerStatuses: [
        { name: 'init-rootfs', imageID: '', state: waiting('ImagePullBackOff', 'no such image') },
      ],
    },
    'ImagesReady=False PullFailed',
    /init-rootfs: ImagePullBackOff: no such image/,
  ],
  [
    'the download fails',
    {
      conditions: [steps.scheduled],
      initContainerStatuses: [
        {
          name: 'init-rootfs',
          imageID: 'a',
          restartCount: 2,
          state: waiting('CrashLoopBackOff'),
          lastState: { terminated: { exitCode: 1, message: 'download-failed: 404' } },
        },
      ],
    },
    'RootfsReady=False Failed',
    /init-rootfs: download-failed: 404 \(restarts: 2\)/,
  ],
  [
    'the microVM boots',
    {
      conditions: [steps.scheduled],
      initContainerStatuses: [steps.rootfs],
      containerStatuses: [{ name: 'firecracker-vm', imageID: 'b', started: false, ready: false, state: running }],
    },
    'Booted=False Booting',
    /firecracker-vm: does not answer its startup probe/,
  ],
])('when %s, a condition and the message say so', (_, pod, condition, message) => {
  const status = statusWith(pod);
  expect(inShort(status)).toContain(condition);
  expect(inShort(status).some((each) => each.startsWith('Ready=False'))).toBe(true);
  expect(status.message).toMatch(message);
  expect(status.conditions.some(({ type }) => type === 'Stalled')).toBe(false);
});

const READY = {
  conditions: [steps.scheduled, { type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T00:00:12Z' }],
  initContainerStatuses: [steps.rootfs],
  containerStatuses: [{ name: 'firecracker-vm', imageID: 'b', started: true, ready: true, state: running }],
};

test('a session that runs has all conditions, times, endpoints and no message', () => {
  const status = statusWith(READY);
  expect(inShort(status)).toEqual([
    ...['Accepted=True Valid', 'Scheduled=True NodeFound', 'ImagesReady=True Pulled', 'RootfsReady=True Prepared'],
    ...['Booted=True SshAnswers', 'Ready=True AllAnswer'],
  ]);
  expect(status).toMatchObject({
    ...{ observedGeneration: 7, phase: 'Running' },
    endpoints: { vscode: 'http://lab-service-alice-001.lab-a.svc:8080' },
    timings: { scheduled: '2026-01-01T00:00:01Z', rootfsReady: '2026-01-01T00:00:05Z', ready: '2026-01-01T00:00:12Z' },
  });
  expect(status.message).toBeUndefined();
});

test('an unchanged session keeps its status to the letter', () => {
  const first = statusWith(READY);
  expect(statusWith(READY, new Date('2026-01-01T09:00:00Z'), first)).toEqual(first);
});

test('wrong values stall a session, so that Flux does not wait', () => {
  const problem = { severity: 'error', code: 'wrong-value', file: 'LabSession/alice-001', line: 1, column: 1 } as const;
  const plan = planSession({
    ...{ session: session(), desired: undefined, live: [], replacements: { count: 0 }, now: NOW },
    problems: [{ ...problem, path: 'spec.values.rootfs.diskSize', message: 'is "big"; accepted: such as 4G' }],
  });
  const status = statusOf(session(), plan, NOW);
  expect(inShort(status)).toEqual([
    'Accepted=False InvalidValues',
    'Ready=False InvalidValues',
    'Stalled=True InvalidValues',
  ]);
  expect(status.message).toBe('LabSession/alice-001 spec.values.rootfs.diskSize is "big"; accepted: such as 4G');
  expect(status.endpoints).toBeUndefined();
});
