import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../support/cli';
import { kubectl, letFluxActIn, sessionNamespace } from './cluster';
import { GitRepository } from './git-repository';
import { podsOf } from './live-session';
import { reconcile } from './reconcile';
import { KEY, SecretProject, secretIn } from './secret-project';
import { valuesWith } from '../support/values';

const NAME = 'lab-session-alice-secrets';

const namespace = sessionNamespace('generated');
const git = new GitRepository('generated');
const generated = new SecretProject(namespace, { provider: 'generated' }, 'helm');

const release = (values: object = {}) => ({
  apiVersion: 'helm.toolkit.fluxcd.io/v2',
  kind: 'HelmRelease',
  metadata: { name: 'alice', namespace },
  spec: {
    chart: { spec: { chart: './charts/lab-session', sourceRef: { kind: 'GitRepository', name: 'fleet' } } },
    values: { ...valuesWith({ session: { id: 'alice' } }), ...values },
    interval: '1h',
  },
});

function deliver(values: object = {}): void {
  kubectl.apply([release(values)]);
  reconcile(namespace, 'helmrelease/alice');
}

beforeAll(() => {
  letFluxActIn(namespace);
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
  reconcile(namespace, 'gitrepository/fleet');
  deliver();
});

test('status lists and reveal prints a password that Helm generated', async () => {
  const made = await secretIn(namespace, NAME);
  expect(made[KEY]).toMatchObject({ length: 32 });
  expect(generated.revealed()).toEqual(made[KEY]);
  expect(JSON.parse(generated.run(['secret', 'status', '-o', 'json']))).toMatchObject([
    { provider: 'generated', state: 'present', secret: NAME },
  ]);
});

test('it stays through an upgrade by Flux', async () => {
  const before = await secretIn(namespace, NAME);
  deliver({ labels: { course: 'another' } });
  expect(await secretIn(namespace, NAME)).toEqual(before);
});

test('a rotated one stays through the next upgrade', async () => {
  const before = await secretIn(namespace, NAME);
  generated.run(['secret', 'rotate', 'alice']);
  const rotated = await secretIn(namespace, NAME);
  expect(rotated[KEY]).toMatchObject({ length: 40 });
  expect(rotated).not.toEqual(before);
  deliver({ labels: { course: 'third' } });
  expect(await secretIn(namespace, NAME)).toEqual(rotated);
});

test('it stays, with the pod, when Flux is removed without the releases and installed again', async () => {
  const [before, pods] = [await secretIn(namespace, NAME), podsOf(namespace, 'alice')];
  // What flux uninstall does: objects go without their finalizers, and releases stay.
  kubectl.run(['patch', 'helmrelease/alice', '-n', namespace, '--type=merge', '-p', '{"spec":{"suspend":true}}']);
  kubectl.run([
    'patch',
    'helmrelease/alice',
    '-n',
    namespace,
    '--type=merge',
    '-p',
    '{"metadata":{"finalizers":null}}',
  ]);
  kubectl.run(['delete', 'helmrelease/alice', '-n', namespace, '--ignore-not-found']);
  expect(await secretIn(namespace, NAME)).toEqual(before);
  deliver({ labels: { course: 'third' } });
  expect(await secretIn(namespace, NAME)).toEqual(before);
  expect(podsOf(namespace, 'alice')).toEqual(pods);
});

test('it is another one when the HelmRelease is removed and made again', async () => {
  const before = await secretIn(namespace, NAME);
  kubectl.run(['delete', 'helmrelease/alice', '-n', namespace, '--timeout=120s']);
  expect(kubectl.try(['get', 'secret', NAME, '-n', namespace])).toBe(false);
  deliver();
  const after = await secretIn(namespace, NAME);
  expect(after[KEY]).toMatchObject({ length: 32 });
  expect(after).not.toEqual(before);
});

test('before Helm has installed the session there is nothing to rotate, which is said', () => {
  const nowhere = new SecretProject(sessionNamespace('generated-none'), { provider: 'generated' }, 'helm');
  const { status, stderr } = nowhere.try(['secret', 'rotate', 'alice']);
  expect(status).toBe(1);
  expect(stderr).toContain('Fix: install the session; Helm makes it then, with a password');
});
