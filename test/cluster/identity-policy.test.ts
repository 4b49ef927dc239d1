import { IdentityPolicy } from '../../src/constructs/namespace/identity-policy';
import { objectsOf } from '../../src/manifests/manifest-file';
import { kubectl, removeAtEnd, sessionNamespace } from './cluster';
import { textOf } from './kubectl';

/** Whoever may write Secrets and HelmReleases in a namespace for sessions does not become somebody else by that. */

const namespace = sessionNamespace('identity');
const elsewhere = sessionNamespace('identity-elsewhere');
const refusalOf = (object: object): string =>
  kubectl.ask(['create', '--dry-run=server', '-f', '-'], textOf([object])).refusals.join('\n');

const secret = (type: string, place = namespace) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  type,
  metadata: { name: 'made', namespace: place, annotations: { 'kubernetes.io/service-account.name': 'default' } },
});

const release = (spec: object, place = namespace) => ({
  apiVersion: 'helm.toolkit.fluxcd.io/v2',
  kind: 'HelmRelease',
  metadata: { name: 'made', namespace: place },
  spec: { interval: '1h', chartRef: { kind: 'HelmChart', name: 'chart' }, ...spec },
});

const OWN = { serviceAccountName: 'lab-class' };

beforeAll(async () => {
  const policies = objectsOf(
    (scope) => new IdentityPolicy(scope, 'policy', { namespace, releaseAccounts: ['lab-class'] }),
  );
  for (const { kind, metadata } of policies) removeAtEnd(kind, metadata.name);
  kubectl.apply(policies);
  // A policy takes a moment to be enforced.
  for (let tries = 0; tries < 300; tries++) {
    if (refusalOf(secret('kubernetes.io/service-account-token')) !== '' && refusalOf(release({})) !== '') return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
});

test('a Secret that becomes the token of a service account is refused, any other is not', () => {
  expect(refusalOf(secret('kubernetes.io/service-account-token'))).toContain('takes no Secret that becomes the token');
  expect(refusalOf(secret('Opaque'))).toBe('');
  expect(refusalOf(secret('helm.sh/release.v1'))).toBe('');
  expect(refusalOf(secret('kubernetes.io/service-account-token', elsewhere))).toBe('');
});

test.each<[string, object]>([
  ['no account', {}],
  ['another account', { serviceAccountName: 'default' }],
])('a release with %s is refused', (_, spec) => {
  expect(refusalOf(release(spec))).toContain('lab-class is accepted as spec.serviceAccountName');
  expect(refusalOf(release(spec, elsewhere))).toBe('');
});

test.each<[string, object]>([
  ['another cluster', { kubeConfig: { secretRef: { name: 'other' } } }],
  ['another namespace', { targetNamespace: 'kube-system' }],
  ['a storage in another namespace', { storageNamespace: 'kube-system' }],
])('a release for %s is refused', (_, spec) => {
  expect(refusalOf(release({ ...OWN, ...spec }))).toContain('stays in it');
});

test('a release of the cohort is taken, and can be changed and removed', () => {
  kubectl.apply([release({ ...OWN, suspend: true })]);
  kubectl.run(['patch', 'helmrelease/made', '-n', namespace, '--type=merge', '-p', '{"spec":{"interval":"2h"}}']);
  const patch = '{"spec":{"serviceAccountName":"default"}}';
  expect(kubectl.try(['patch', 'helmrelease/made', '-n', namespace, '--type=merge', '-p', patch])).toBe(false);
  kubectl.run(['delete', 'helmrelease/made', '-n', namespace, '--timeout=60s']);
});

test('a release from before the policy can be removed', () => {
  kubectl.apply([release({ suspend: true }, elsewhere)]);
  const policies = objectsOf(
    (scope) => new IdentityPolicy(scope, 'policy', { namespace: elsewhere, releaseAccounts: [] }),
  );
  for (const { kind, metadata } of policies) removeAtEnd(kind, metadata.name);
  kubectl.apply(policies);
  kubectl.run(['delete', 'helmrelease/made', '-n', elsewhere, '--timeout=60s']);
  expect(kubectl.try(['get', 'helmrelease/made', '-n', elsewhere])).toBe(false);
});
