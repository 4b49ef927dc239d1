import { parseAllDocuments } from 'yaml';
import { synthesizeProject } from '../../src/synth/synthesize';
import { isError } from '../../src/core/diagnostics';
import { session } from '../support/project';
import { SESSION_FILE, secretProject } from '../support/secret-project';

interface Objects {
  readonly secrets: Record<string, unknown>[];
  readonly pod: string;
}

/** The objects of alice in a project with External Secrets. */
function rendered(externalSecrets: object, spec: object = {}): Objects {
  const secrets = { provider: 'external-secrets', externalSecrets };
  const { files = [], problems } = synthesizeProject(
    secretProject(secrets, { [SESSION_FILE]: session('alice', spec) }),
  );
  expect(problems.filter(isError)).toEqual([]);
  const content = (path: string) => files.find((file) => file.path === path)?.content ?? '';
  const text = content('sessions/class/alice.secret.yaml');
  return {
    secrets: parseAllDocuments(text).map((document) => document.toJS() as Record<string, unknown>),
    pod: content('sessions/class/alice.yaml'),
  };
}

const byKind = ({ secrets }: Objects) => new Map(secrets.map((object) => [object['kind'], object]));
const spec = (objects: Objects, kind: string) => byKind(objects).get(kind)?.['spec'];
const NAME = 'lab-session-alice-secrets';
const GENERATOR = { apiVersion: 'generators.external-secrets.io/v1alpha1', kind: 'Password', name: NAME };
const LABELS = {
  'app.kubernetes.io/managed-by': 'dozlab',
  'app.kubernetes.io/part-of': 'dozlab',
  'session-id': 'alice',
};

const target = (name: string, key = 'vscode-password') => ({
  name,
  creationPolicy: 'Owner',
  immutable: true,
  template: { type: 'Opaque', engineVersion: 'v2', metadata: { labels: LABELS }, data: { [key]: '{{ .password }}' } },
});

describe('the provider external-secrets', () => {
  test('makes the password in the cluster once, in an immutable Secret, without a store', () => {
    const objects = rendered({});
    expect(objects.secrets.map(({ kind }) => kind).sort()).toEqual(['ExternalSecret', 'Password']);
    expect(spec(objects, 'Password')).toMatchObject({ length: 40, symbols: 0 });
    expect(spec(objects, 'ExternalSecret')).toEqual({
      refreshPolicy: 'CreatedOnce',
      target: target(NAME),
      dataFrom: [{ sourceRef: { generatorRef: GENERATOR } }],
    });
    for (const { metadata } of objects.secrets) expect(metadata).toMatchObject({ name: NAME, namespace: 'lab-class' });
    expect(objects.pod).toContain(`name: ${NAME}\n`);
  });

  test('writes the password to the store if the store has none, and reads it from there', () => {
    const objects = rendered({ secretStoreRef: { name: 'vault', kind: 'ClusterSecretStore' } });
    const store = { name: 'vault', kind: 'ClusterSecretStore' };
    const remote = { property: 'vscode_password' };
    expect(objects.secrets.map(({ kind }) => kind).sort()).toEqual(['ExternalSecret', 'Password', 'PushSecret']);
    expect(spec(objects, 'PushSecret')).toEqual({
      secretStoreRefs: [store],
      selector: { generatorRef: GENERATOR },
      updatePolicy: 'IfNotExists',
      deletionPolicy: 'Delete',
      refreshInterval: '0s',
      data: [{ match: { secretKey: 'password', remoteRef: { remoteKey: 'dozlab/sessions/alice', ...remote } } }],
    });
    expect(spec(objects, 'ExternalSecret')).toEqual({
      refreshPolicy: 'CreatedOnce',
      secretStoreRef: store,
      target: target(NAME),
      data: [{ secretKey: 'password', remoteRef: { key: 'dozlab/sessions/alice', ...remote } }],
    });
  });

  test('only reads the path and property that are set, without push', () => {
    const objects = rendered(
      { secretStoreRef: { name: 'team' }, push: false, path: 'kv/{id}/code', property: 'pw' },
      { secretGeneration: 3 },
    );
    expect(objects.secrets.map(({ kind }) => kind)).toEqual(['ExternalSecret']);
    expect(spec(objects, 'ExternalSecret')).toMatchObject({
      secretStoreRef: { name: 'team', kind: 'SecretStore' },
      target: { name: `${NAME}-3` },
      data: [{ secretKey: 'password', remoteRef: { key: 'kv/alice/code', property: 'pw' } }],
    });
  });

  test('puts the second password into another Secret and property, which the pod reads', () => {
    for (const store of [{}, { secretStoreRef: { name: 'vault' } }]) {
      const objects = rendered(store, { secretGeneration: 2 });
      for (const { metadata } of objects.secrets) expect(metadata).toMatchObject({ name: `${NAME}-2` });
      expect(spec(objects, 'ExternalSecret')).toMatchObject({ target: target(`${NAME}-2`) });
      expect(objects.pod).toContain(`name: ${NAME}-2\n`);
      expect(objects.pod).not.toContain(`name: ${NAME}\n`);
      const properties = Array.from(
        JSON.stringify(objects.secrets).matchAll(/"property":"(\w+)"/g),
        ([, name]) => name,
      );
      expect(new Set(properties)).toEqual(new Set('secretStoreRef' in store ? ['vscode_password_2'] : []));
    }
  });

  test('names the Secret the same with secretGeneration 1 and without', () => {
    expect(rendered({}, { secretGeneration: 1 })).toEqual(rendered({}));
  });

  test('writes the key that the session reads', () => {
    const objects = rendered({}, { values: { codeServer: { existingSecretKey: 'code' } } });
    expect(spec(objects, 'ExternalSecret')).toMatchObject({ target: target(NAME, 'code') });
    expect(objects.pod).toMatch(/secretKeyRef:\n +name: lab-session-alice-secrets\n +key: code\n/);
  });

  test('makes nothing for a session that names a Secret', () => {
    const objects = rendered({}, { values: { codeServer: { existingSecret: 'mine' } } });
    expect(objects.secrets).toEqual([]);
    expect(objects.pod).toContain('name: mine\n');
  });
});
