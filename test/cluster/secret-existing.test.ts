import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../support/project';
import { kubectl, sessionNamespace } from './cluster';
import { fingerprintOf } from './fingerprint';
import { KEY, SecretProject, secretIn } from './secret-project';

const NAME = 'lab-session-alice-secrets';
const namespace = sessionNamespace('existing');
const existing = new SecretProject(namespace, {});

const status = (): unknown => JSON.parse(existing.run(['secret', 'status', '-o', 'json']));

test('set gives each session without a Secret one, and leaves it alone afterwards', async () => {
  expect(status()).toMatchObject([{ state: 'missing' }]);
  existing.run(['secret', 'set']);
  const made = await secretIn(namespace, NAME);
  expect(made[KEY]).toMatchObject({ length: 40 });
  expect(status()).toMatchObject([{ state: 'present', provider: 'existing', key: KEY, secret: NAME }]);
  existing.run(['secret', 'set']);
  expect(await secretIn(namespace, NAME)).toEqual(made);
  expect(existing.revealed()).toEqual(made[KEY]);
});

test('set takes a password, rotate makes another', async () => {
  existing.set('planted-existing-1');
  expect(await secretIn(namespace, NAME)).toEqual({ [KEY]: fingerprintOf('planted-existing-1') });
  existing.run(['secret', 'rotate', 'alice']);
  expect((await secretIn(namespace, NAME))[KEY]).toMatchObject({ length: 40 });
});

test('a Secret that someone else made is taken over, with its other keys', async () => {
  kubectl.run(['delete', 'secret', NAME, '-n', namespace]);
  kubectl.run([
    'create',
    'secret',
    'generic',
    NAME,
    '-n',
    namespace,
    '--from-literal=other=kept',
    `--from-literal=${KEY}=older`,
  ]);
  existing.set('planted-existing-2');
  expect(await secretIn(namespace, NAME)).toEqual({
    other: fingerprintOf('kept'),
    [KEY]: fingerprintOf('planted-existing-2'),
  });
});

test('a user that may not read Secrets sees none, and a message says so', () => {
  const account = `system:serviceaccount:${namespace}:default`;
  const config = JSON.parse(kubectl.run(['config', 'view', '--raw', '-o', 'json'])) as { users: { user: object }[] };
  for (const each of config.users) each.user = { ...each.user, as: account };
  const path = join(temporaryFolder(), 'kubeconfig');
  writeFileSync(path, JSON.stringify(config));
  const { status: code, stdout, stderr } = existing.try(['secret', 'reveal', 'alice'], '', { KUBECONFIG: path });
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain('cannot get resource "secrets"');
  const told = existing.try(['secret', 'status', '-o', 'json'], '', { KUBECONFIG: path });
  expect(JSON.parse(told.stdout)).toMatchObject([{ state: 'unknown' }]);
  expect(told.stderr).toContain('the cluster was not asked');
});

test('a missing namespace or cluster is reported', () => {
  const nowhere = new SecretProject('lab-nowhere', {});
  const { status: code, stderr } = nowhere.try(['secret', 'set', 'alice'], 'planted-existing-3');
  expect(code).toBe(1);
  expect(stderr).toContain('namespaces "lab-nowhere" not found');
  expect(stderr).not.toContain('planted-existing-3');
  const without = existing.try(['secret', 'rotate', 'alice'], '', { KUBECONFIG: '/dev/null' });
  expect(without.status).toBe(1);
  expect(without.stderr).toContain('kubectl failed to write a Secret');
});
