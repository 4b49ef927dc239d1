import { meaningOfKey } from '../../../src/core/consumers/metadata';

test.each([
  'config.kubernetes.io/local-config',
  'config.kubernetes.io/path',
  'config.k8s.io/id',
  'internal.config.kubernetes.io/needsHashSuffix',
  'kustomize.config.k8s.io/needs-hash',
  'kustomize.toolkit.fluxcd.io/prune',
  'kustomize.toolkit.fluxcd.io/name',
  'helm.toolkit.fluxcd.io/driftDetection',
  'sharding.fluxcd.io/key',
  'fluxcd.io/ignore',
  'helm.sh/hook',
  'helm.sh/hook-delete-policy',
  'helm.sh/resource-policy',
  'meta.helm.sh/release-name',
  'argocd.argoproj.io/hook',
  'argocd.argoproj.io/sync-options',
  'argocd.argoproj.io/tracking-id',
  'kubectl.kubernetes.io/last-applied-configuration',
  'applyset.kubernetes.io/part-of',
  'client.lifecycle.config.k8s.io/deletion',
  'helm.sh/depends-on',
  'helm.sh/resource-group',
  'kapp.k14s.io/app',
  'kapp.k14s.io/delete-strategy',
  'objectset.rio.cattle.io/hash',
  'fleet.cattle.io/bundle-id',
  'internal.kpt.dev/upstream-identifier',
  'configmanagement.gke.io/managed',
  'configsync.gke.io/deletion-propagation-policy',
  'deployment.kubernetes.io/revision',
  'pv.kubernetes.io/bind-completed',
  'volume.kubernetes.io/selected-node',
  'volume.beta.kubernetes.io/storage-class',
])('%s has a meaning for the delivery', (key) => {
  expect(meaningOfKey(key)).toEqual(expect.any(String));
});

test.each([
  'course',
  'example.com/owner',
  'nginx.ingress.kubernetes.io/auth-url',
  'cert-manager.io/cluster-issuer',
  'helm.sh/chart',
  'argocd.argoproj.io/sync-wave',
  'kubectl.kubernetes.io/restartedAt',
  'config.example.com/kubernetes.io',
  'myfluxcd.io/a',
  'my.kapp.example.com/app',
  'kubernetes.io/ingress.class',
  'velero.io/exclude-from-backup',
  'cattle.io/creator',
])('%s has none', (key) => {
  expect(meaningOfKey(key)).toBeUndefined();
});
