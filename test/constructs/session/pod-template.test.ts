import type { Mapping } from '@dozlab/charts/schema';
import { labSession, one, sessionPod, specOf } from '../../support/manifests';

/** Any change of the pod template replaces the pod, and deletes the work of the student. */

const template = (over: Mapping): unknown =>
  specOf<{ template: unknown }>(one(labSession(over), 'Deployment')).template;

const session = (over: Mapping = {}): Mapping => ({ session: { id: 'alice-001', userId: 'alice', ...over } });

it.each<[string, Mapping]>([
  ['labels', { labels: { course: 'kubernetes-101', team: 'a' } }],
  ['annotations', { annotations: { note: 'changed', 'example.com/owner': 'x' } }],
  ['the time when the session ends', session({ expiresAt: '2027-01-31T18:00:00Z' })],
  ['being suspended', { suspended: true }],
  ['being resumed', { suspended: false }],
  ['the Service', { service: { type: 'NodePort', ports: { vscode: 80, terminal: 81, ssh: 2222 } } }],
  ['an Ingress', { ingress: { enabled: true, clusterIssuer: 'a', vscode: { host: 'a.b' } } }],
  ['an HTTPRoute', { httpRoute: { enabled: true, parentRefs: [{ name: 'a' }], vscode: { host: 'a.b' } } }],
  ['isolation', { networkPolicy: { ingressNamespaces: ['a'], blockedRanges: [] } }],
  ['no isolation', { networkPolicy: { enabled: false } }],
  ['the password', { codeServer: { password: 'new' } }],
  ['the deadline', { progressDeadlineSeconds: 60 }],
])('a change of %s does not change the pod template', (_, over) => {
  expect(labSession(over)).not.toEqual(labSession());
  expect(template(over)).toEqual(template({}));
});

it.each<[string, Mapping]>([
  ['podLabels', { podLabels: { course: 'kubernetes-101' } }],
  ['the user', session({ userId: 'bob' })],
  ['the size of the microVM', { firecracker: { vm: { memory: 2048 } } }],
  ['an image', { terminal: { tag: 'v2' } }],
  ['the image of the disk', { rootfs: { imageUrl: 'https://example.com/other.ext4' } }],
  ['persistence', { volumes: { vmData: { persistence: { enabled: true } } } }],
])('a change of %s changes the pod template', (_, over) => {
  expect(template(over)).not.toEqual(template({}));
});

it('the labels that select the pod depend on the id only', () => {
  const selector = (over: Mapping): unknown => specOf(one(labSession(over), 'Deployment'))['selector'];

  expect(
    selector({ podLabels: { app: 'x', 'session-id': 'y' }, labels: { app: 'z' }, ...session({ userId: 'bob' }) }),
  ).toEqual({
    matchLabels: { app: 'lab-environment', 'session-id': 'alice-001' },
  });
});

it('the pod asks the autoscaler not to evict it', () => {
  expect(
    sessionPod(labSession({ annotations: { 'cluster-autoscaler.kubernetes.io/safe-to-evict': 'true' } })).metadata
      .annotations,
  ).toEqual({
    'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false',
  });
});
