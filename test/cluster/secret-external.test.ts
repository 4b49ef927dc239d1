import { session } from '../support/project';
import { kubectl, sessionNamespace } from './cluster';
import { fingerprintOf } from './fingerprint';
import { KEY, SecretProject, secretIn } from './secret-project';
import { podsOf } from './live-session';

const NAME = 'lab-session-alice-secrets';

/** Applies what the output has for the session, as Flux would, and removes what it no longer has. */
function deliver(external: SecretProject): void {
  external.run(['synth']);
  kubectl.run(
    [
      ...['apply', '-f', '-', '-n', external.namespace, '--prune', '-l', 'session-id=alice'],
      ...KINDS.flatMap((kind) => ['--prune-allowlist', kind]),
    ],
    `${external.sessionText}---\n${external.secretText}`,
  );
}

const KINDS = [
  'apps/v1/Deployment',
  'external-secrets.io/v1/ExternalSecret',
  'external-secrets.io/v1alpha1/PushSecret',
  'generators.external-secrets.io/v1alpha1/Password',
];

/** The Secret that the session's pods read. */
const referenceOf = (namespace: string): string =>
  kubectl.run([
    ...['get', 'deployment', 'lab-session-alice', '-n', namespace, '-o'],
    'jsonpath={.spec.template.spec.containers[?(@.name=="code-server")].env[?(@.name=="PASSWORD")].valueFrom.secretKeyRef.name}',
  ]);

describe('a password made in the cluster', () => {
  const namespace = sessionNamespace('external-made');
  const external = new SecretProject(namespace, { provider: 'external-secrets' });

  test('is made once, in a Secret that cannot be changed', async () => {
    deliver(external);
    const made = await secretIn(namespace, NAME, (found) => KEY in found);
    expect(made).toEqual({ [KEY]: expect.objectContaining({ length: 40 }) as unknown });
    expect(kubectl.get('secret', NAME, '-n', namespace)).toMatchObject({
      immutable: true,
      type: 'Opaque',
      metadata: { labels: { 'session-id': 'alice' } },
    });
    expect(external.revealed()).toEqual(made[KEY]);
    expect(JSON.parse(external.run(['secret', 'status', '-o', 'json']))).toMatchObject([{ state: 'present' }]);
  });

  test('stays when the session is relabelled and extended, and so does the pod', async () => {
    const [before, pods] = [await secretIn(namespace, NAME), podsOf(namespace, 'alice')];
    external.synth({
      'sessions/class/alice.yaml': session('alice', {
        expiresAt: '2031-01-01T00:00:00Z',
        values: { labels: { course: 'another' } },
      }),
    });
    deliver(external);
    kubectl.run(['annotate', 'externalsecret', NAME, '-n', namespace, 'force-sync=now', '--overwrite']);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(await secretIn(namespace, NAME)).toEqual(before);
    expect(podsOf(namespace, 'alice')).toEqual(pods);
  });

  test('is rotated by a Secret of another name, which the pod then reads', async () => {
    const before = await secretIn(namespace, NAME);
    external.run(['secret', 'rotate', 'alice', '--yes']);
    deliver(external);
    const after = await secretIn(namespace, `${NAME}-2`, (found) => KEY in found);
    expect(after[KEY]).toMatchObject({ length: 40 });
    expect(after).not.toEqual(before);
    expect(referenceOf(namespace)).toBe(`${NAME}-2`);
    expect(external.revealed()).toEqual(after[KEY]);
    kubectl.run(['wait', '--for=delete', `secret/${NAME}`, '-n', namespace, '--timeout=60s']);
  });
});

describe('a password that someone else keeps in a store', () => {
  const namespace = sessionNamespace('external-store');
  const vault = sessionNamespace('external-vault');
  const settings = { secretStoreRef: { name: 'vault' }, path: 'dozlab-sessions-{id}', push: false };
  const external = new SecretProject(namespace, { provider: 'external-secrets', externalSecrets: settings });
  const PROPERTY = 'vscode_password';

  beforeAll(() => {
    const { clusters } = JSON.parse(kubectl.run(['config', 'view', '--raw', '-o', 'json'])) as {
      clusters: { cluster: { server: string } }[];
    };
    const role = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'admin' };
    const subject = { kind: 'ServiceAccount', name: 'default', namespace };
    kubectl.apply([
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata: { name: 'store', namespace: vault },
        roleRef: role,
        subjects: [subject],
      },
      {
        apiVersion: 'external-secrets.io/v1',
        kind: 'SecretStore',
        metadata: { name: 'vault', namespace },
        spec: {
          provider: {
            kubernetes: {
              remoteNamespace: vault,
              server: {
                url: clusters[0]?.cluster.server,
                caProvider: { type: 'ConfigMap', name: 'kube-root-ca.crt', key: 'ca.crt' },
              },
              auth: { serviceAccount: { name: 'default' } },
            },
          },
        },
      },
    ]);
  });

  const keep = (password: string): void => {
    const metadata = { name: 'dozlab-sessions-alice', namespace: vault };
    kubectl.apply([{ apiVersion: 'v1', kind: 'Secret', metadata, stringData: { [PROPERTY]: password } }]);
  };

  test('is read from there, once', async () => {
    keep('planted-in-store-1');
    deliver(external);
    const expected = { [KEY]: fingerprintOf('planted-in-store-1') };
    expect(await secretIn(namespace, NAME, (found) => KEY in found)).toEqual(expected);
    keep('planted-in-store-2');
    external.synth({ 'sessions/class/alice.yaml': session('alice', { values: { labels: { course: 'another' } } }) });
    deliver(external);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(await secretIn(namespace, NAME)).toEqual(expected);
  });

  test('is read again by a rotation, into a Secret of another name', async () => {
    external.run(['secret', 'rotate', 'alice', '--yes']);
    deliver(external);
    const found = await secretIn(namespace, `${NAME}-2`, (now) => KEY in now);
    expect(found).toEqual({ [KEY]: fingerprintOf('planted-in-store-2') });
    expect(referenceOf(namespace)).toBe(`${NAME}-2`);
  });
});

test('what is rendered for a store of Vault is accepted by the CRDs', () => {
  const namespace = sessionNamespace('external-vault-form');
  const secretStoreRef = { name: 'vault', kind: 'ClusterSecretStore' };
  const external = new SecretProject(namespace, { provider: 'external-secrets', externalSecrets: { secretStoreRef } });
  external.run(['synth']);
  const { refusals } = kubectl.ask(['apply', '--server-side', '--dry-run=server', '-f', '-'], external.secretText);
  expect(refusals).toEqual([]);
  expect(external.secretText).toContain('remoteKey: dozlab/sessions/alice');
  expect(external.secretText).toContain('property: vscode_password');
});
