import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../support/cli';
import { addFiles } from '../support/project';
import { valuesWith } from '../support/values';
import { kubectl, letFluxActIn, sessionNamespace } from './cluster';
import { GitRepository } from './git-repository';
import { podsOf } from './live-session';
import { reconcile } from './reconcile';

const namespace = sessionNamespace('flux');
const git = new GitRepository('flux');

const configMap = (text: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'from-git' },
  data: { text },
});

const source = { kind: 'GitRepository', name: 'fleet' };

beforeAll(() => {
  letFluxActIn(namespace);
  addFiles(git.folder, { 'config/config-map.yaml': configMap('one') });
  cpSync(join(REPOSITORY, 'dist', 'charts'), join(git.folder, 'charts'), { recursive: true });
  git.push();
  kubectl.apply([
    {
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'GitRepository',
      metadata: { name: 'fleet', namespace },
      spec: { url: git.url, ref: { branch: 'main' }, interval: '1h' },
    },
  ]);
});

test('a Kustomization applies the commit in Git, and the next one', () => {
  kubectl.apply([
    {
      apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
      kind: 'Kustomization',
      metadata: { name: 'config', namespace },
      spec: { sourceRef: source, path: './config', targetNamespace: namespace, prune: true, interval: '1h' },
    },
  ]);
  const text = (): unknown => kubectl.get('configmap', 'from-git', '-n', namespace)['data'];
  reconcile(namespace, 'gitrepository/fleet', 'kustomization/config');
  expect(text()).toEqual({ text: 'one' });

  addFiles(git.folder, { 'config/config-map.yaml': configMap('two') });
  const commit = git.push();
  reconcile(namespace, 'gitrepository/fleet', 'kustomization/config');
  expect(text()).toEqual({ text: 'two' });
  expect(kubectl.get('kustomization', 'config', '-n', namespace)['status']).toMatchObject({
    lastAppliedRevision: `main@sha1:${commit}`,
  });
});

test('a HelmRelease of the chart in Git becomes Ready, with a running pod', () => {
  kubectl.apply([
    {
      apiVersion: 'helm.toolkit.fluxcd.io/v2',
      kind: 'HelmRelease',
      metadata: { name: 'alice', namespace },
      spec: {
        chart: { spec: { chart: './charts/lab-session', sourceRef: source, reconcileStrategy: 'Revision' } },
        values: valuesWith(),
        interval: '1h',
      },
    },
  ]);
  reconcile(namespace, 'gitrepository/fleet', 'helmrelease/alice');
  expect(podsOf(namespace, 'alice-001')).toHaveLength(1);
});
