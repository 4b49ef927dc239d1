import { stringify } from 'yaml';
import { loadProject } from '../../src/source/load-project';
import { isError, type Problem } from '../../src/core/diagnostics';
import { resolveProject } from '../../src/resolve/resolve';
import { placeOf } from '../support/problems';
import { FURTHER_FORMS, pieces, SECRET_FORMS } from '../support/planted-secrets';
import { cohort, project, session, type Files } from '../support/project';
import { SESSION_FILE, secretProject } from '../support/secret-project';
import { AGE_KEYS } from '../support/test-keys';

const COHORT = 'sessions/class/cohort.yaml';
const [{ identity, recipient }] = AGE_KEYS;

const errors = (files: Files): Problem[] =>
  resolveProject(loadProject(secretProject({}, files))).problems.filter(isError);

describe('a private age key as a recipient', () => {
  test.each([identity, identity.toLowerCase(), `  ${identity}`])('is an error that shows no piece of it: %#', (key) => {
    const found = errors({
      'dozlab.yaml': project({ secrets: { provider: 'existing', sops: { age: [recipient, key] } } }),
    });
    expect(found.map(({ path, code }) => [path, code])).toEqual([['spec.secrets.sops.age[1]', 'secret-in-file']]);
    expect(found[0]?.message).toBe(
      'is an age private key, which must not be in Git. Fix: use the public key, which age-keygen -y prints. If Git ever had it, make another one and revoke this one',
    );
  });
});

const values = (over: object) => ({ [SESSION_FILE]: session('alice', { values: over }) });
const secrets = (over: object) => ({ 'dozlab.yaml': project({ secrets: over }) });

/** A password put in place of a name. */
const WEAK = 'Hunter22!!';

test.each<[string, Files]>([
  ['spec.values.codeServer.existingSecret', values({ codeServer: { existingSecret: WEAK } })],
  ['spec.values.codeServer.existingSecretKey', values({ codeServer: { existingSecretKey: WEAK } })],
  ['spec.secrets.sealedSecrets.certificate', secrets({ sealedSecrets: { certificate: `${WEAK}\nx` } })],
  ['spec.secrets.sops.decryptionSecret', secrets({ sops: { decryptionSecret: WEAK } })],
  ['spec.secrets.externalSecrets.path', secrets({ externalSecrets: { path: WEAK } })],
  ['spec.secrets.externalSecrets.property', secrets({ externalSecrets: { property: WEAK } })],
  [
    'spec.secrets.externalSecrets.secretStoreRef.name',
    secrets({ externalSecrets: { secretStoreRef: { name: WEAK } } }),
  ],
  ['spec.secrets.provider', secrets({ provider: WEAK })],
  ['spec.execBackend.registrySecret', { 'dozlab.yaml': project({ execBackend: { registrySecret: WEAK } }) }],
  ['spec.values.imagePullSecrets[0].name', values({ imagePullSecrets: [{ name: WEAK }] })],
  ['spec.values.ingress.vscode.tlsSecretName', values({ ingress: { enabled: true, tls: { enabled: true }, vscode: { host: 'a.example.com', tlsSecretName: WEAK } } })], // prettier-ignore
  ['spec.values.terminal.extraEnv[0].valueFrom.secretKeyRef.name', values({ terminal: { extraEnv: [{ name: 'A', valueFrom: { secretKeyRef: { name: WEAK, key: 'a' } } }] } })], // prettier-ignore
  [
    'spec.secrets.sops.decryptionSecret',
    { [COHORT]: cohort('class', { secrets: { sops: { decryptionSecret: WEAK } } }) },
  ],
])('%s is not quoted', (path, files) => {
  const found = errors(files);
  expect(found.map((problem) => problem.path)).toContain(path);
  expect(JSON.stringify(found)).not.toMatch(/hunter22/i);
});

describe.each(Object.entries(SECRET_FORMS))('%s', (_, [secret, form]) => {
  test.each<[string, string, Files]>([
    ['an annotation', SESSION_FILE, values({ annotations: { note: `see ${secret}` } })],
    ['a label of the cohort', COHORT, { [COHORT]: cohort('class', { values: { labels: { a: secret } } }) }],
    ['a key', SESSION_FILE, values({ annotations: { [secret]: 'x' } })],
    ['a user', SESSION_FILE, { [SESSION_FILE]: session('alice', { userId: secret.trim().split('\n').join(' ') }) }],
    ['a comment', SESSION_FILE, { [SESSION_FILE]: `${secret.replace(/^/gm, '# ')}\n${stringify(session('alice'))}` }],
    ['a variable', 'labs/vm.yaml', { 'labs/vm.yaml': { apiVersion: 'dozlab.io/v1alpha1', kind: 'Lab', metadata: { name: 'vm' }, spec: { values: { rootfs: { imageUrl: 'https://example.com/a.ext4' }, terminal: { extraEnv: [{ name: 'X', value: secret }] } } } } }], // prettier-ignore
    ['an unknown key', 'dozlab.yaml', { 'dozlab.yaml': project({ vault: { token: secret } }) }],
  ])('in %s is an error without a piece of it', (__, file, files) => {
    const found = errors(files);
    const told = found.filter(({ code }) => code === 'secret-in-file');
    expect(told.map((problem) => problem.file)).toContain(file);
    expect(told[0]?.message).toContain(`is ${form}, which must not be in Git`);
    const shown = JSON.stringify(found);
    expect(pieces(secret).filter((piece) => shown.includes(piece))).toEqual([]);
  });
});

test.each(Object.entries(FURTHER_FORMS))('%s in an annotation or comment is an error', (_, { text, form, core }) => {
  const comment = `${text.trim().replace(/^/gm, '# ')}\n${stringify(session('alice'))}`;
  for (const files of [values({ annotations: { note: text } }), { [SESSION_FILE]: comment }]) {
    const found = errors(files);
    expect(found.map(({ code }) => code)).toEqual(['secret-in-file']);
    expect(found[0]?.message).toContain(`is ${form}, which must not be in Git`);
    const shown = JSON.stringify(found);
    expect(pieces(core).filter((piece) => shown.includes(piece))).toEqual([]);
  }
});

test('an address with a password is a warning in a variable, because a database may be of the lab alone', () => {
  const { text } = FURTHER_FORMS['an address with a password'] ?? { text: '' };
  const files = values({ terminal: { extraEnv: [{ name: 'DB', value: text }] } });
  const found = resolveProject(loadProject(secretProject({}, files))).problems;
  expect(found.filter(({ code }) => code === 'secret-in-file').map(({ severity }) => severity)).toEqual(['warning']);
});

test('one token in many sessions of a class is reported for each', () => {
  const [token] = SECRET_FORMS['a GitHub token'] ?? [''];
  const names = ['a', 'b', 'c'];
  const files = Object.fromEntries(names.map((name) => [`sessions/class/${name}.yaml`, session(name, { userId: name === 'a' ? 'a' : token })])); // prettier-ignore
  expect(errors(files).map(placeOf)).toEqual(
    ['b', 'c'].map((name) => `sessions/class/${name}.yaml:6:11 spec.userId [secret-in-file]`),
  );
});

test.each([
  ['a digest', { firecracker: { digest: `sha256:${'0123456789abcdef'.repeat(4)}` } }],
  ['an address', { rootfs: { imageUrl: 'https://example.com/path/to/rootfs-v1.2.3.ext4' } }],
  [
    'the name of a Secret',
    { codeServer: { existingSecret: 'lab-passwords-2026' }, imagePullSecrets: [{ name: 'registry' }] },
  ],
  [
    'the text of a program',
    { annotations: { 'nginx.ingress.kubernetes.io/server-snippet': 'rewrite ^/(.*)$ /$1$2 break;' } },
  ],
])('%s is no secret', (_, over) => {
  expect(errors(values(over))).toEqual([]);
});

test('a wrong public value is quoted', () => {
  const found = errors(values({ firecracker: { digest: `sha256:${'0123456789abcdef'.repeat(4)}0` } }));
  expect(found[0]?.message).toContain('is "sha256:0123456789abcdef');
});
