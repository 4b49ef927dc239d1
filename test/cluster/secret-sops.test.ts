import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { addFiles } from '../support/project';
import { ageKey } from './age-key';
import { kubectl, sessionNamespace, uniqueName } from './cluster';
import { fingerprintOf } from './fingerprint';
import { GitRepository } from './git-repository';
import { textOf } from './kubectl';
import { reconcile } from './reconcile';
import { KEY, SecretProject, secretIn } from './secret-project';
import { AGE_FAULTS, OPENS, SOPS_FAULTS, SOPS_TEXT } from '../support/sops-secret';
import { runTool } from './tool-run';

const NAME = 'lab-session-alice-secrets';
const FLUX = 'flux-system';
const KUSTOMIZATIONS = ['dozlab-infra', 'dozlab-cohorts', 'dozlab-identities', 'lab-class'];
const FILE = 'secrets/class/alice.yaml';

const namespace = sessionNamespace('sops');
const [key, other] = [ageKey(), ageKey()];
const decryptionSecret = uniqueName('sops-age');
const git = new GitRepository('sops');
const sops = new SecretProject(namespace, { provider: 'sops', sops: { age: [key.recipient], decryptionSecret } });

/** Without the program sops: kubectl is found by another way. */
const WITHOUT_SOPS = { PATH: '/usr/bin:/bin' };
const KEY_FILE = { SOPS_AGE_KEY_FILE: key.file };

/** Pushes the project's output and has Flux apply it. */
function deliver(): void {
  sops.synth();
  for (const folder of ['dist', 'fluxcd'])
    cpSync(join(sops.folder, folder), join(git.folder, folder), { recursive: true });
  git.push();
  kubectl.run(['apply', '-f', join(git.folder, 'fluxcd')]);
  reconcile(FLUX, 'gitrepository/dozlab-infra', ...KUSTOMIZATIONS.map((name) => `kustomization/${name}`));
}

beforeAll(() => {
  kubectl.apply([
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: decryptionSecret, namespace: FLUX },
      stringData: { 'age.agekey': key.identity },
    },
    {
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'GitRepository',
      metadata: { name: 'dozlab-infra', namespace: FLUX },
      spec: { url: git.url, ref: { branch: 'main' }, interval: '1h' },
    },
  ]);
});

afterAll(() => {
  for (const name of ['dozlab-cohorts', 'dozlab-identities', 'dozlab-infra'])
    kubectl.run(['delete', `kustomization/${name}`, '-n', FLUX, '--ignore-not-found', '--timeout=120s']);
  const [account, role] = ['serviceaccount/dozlab-infra', `dozlab-infra-${FLUX}`];
  const names = ['gitrepository/dozlab-infra', `secret/${decryptionSecret}`, account];
  kubectl.run(['delete', ...names, '-n', FLUX, '--ignore-not-found']);
  kubectl.run(['delete', `clusterrole/${role}`, `clusterrolebinding/${role}`, '--ignore-not-found']);
});

test('what is encrypted here, Flux decrypts from Git', async () => {
  sops.set('planted-by-library-1', WITHOUT_SOPS);
  deliver();
  expect(await secretIn(namespace, NAME)).toEqual({ [KEY]: fingerprintOf('planted-by-library-1') });
  expect(kubectl.run(['get', 'deployment', 'lab-session-alice', '-n', namespace, '-o', 'name'])).toContain('alice');
  expect(sops.revealed([], { ...WITHOUT_SOPS, ...KEY_FILE })).toEqual(fingerprintOf('planted-by-library-1'));
});

test('the program sops decrypts and edits it, and Flux takes over the edit', async () => {
  const path = join(sops.folder, FILE);
  expect(runTool('sops', ['decrypt', '--extract', `["stringData"]["${KEY}"]`, path], { env: KEY_FILE })).toBe(
    'planted-by-library-1',
  );
  runTool('sops', ['edit', path], { env: { ...KEY_FILE, EDITOR: 'sed -i s/planted-by-library-1/edited-by-sops-2/' } });
  expect(sops.revealed([], KEY_FILE)).toEqual(fingerprintOf('edited-by-sops-2'));
  deliver();
  const wanted = fingerprintOf('edited-by-sops-2');
  expect(await secretIn(namespace, NAME, (found) => found[KEY]?.digest === wanted.digest)).toEqual({ [KEY]: wanted });
});

test('sops, if installed, encrypts by its settings, and dozlab reads the file without it', async () => {
  addFiles(sops.folder, { '.sops.yaml': { creation_rules: [{ path_regex: 'elsewhere', encrypted_suffix: '_x' }] } });
  sops.set('planted-by-program-3');
  expect(sops.read(FILE)).toMatch(/version: 3\.1[0-9]/);
  expect(sops.revealed([], { ...WITHOUT_SOPS, ...KEY_FILE })).toEqual(fingerprintOf('planted-by-program-3'));
  deliver();
  const wanted = fingerprintOf('planted-by-program-3');
  expect(await secretIn(namespace, NAME, (found) => found[KEY]?.digest === wanted.digest)).toEqual({ [KEY]: wanted });
});

test('the rules of .sops.yaml decide when no recipients are set', () => {
  const ruled = new SecretProject(namespace, { provider: 'sops' }, 'kustomize', {
    '.sops.yaml': { creation_rules: [{ path_regex: '^secrets/class/', age: other.recipient }] },
  });
  ruled.set('planted-by-rule-4');
  const { file } = other;
  expect(ruled.revealed([], { SOPS_AGE_KEY_FILE: file })).toEqual(fingerprintOf('planted-by-rule-4'));
});

test('another age key does not open it, which is said', () => {
  const { status, stdout, stderr } = sops.try(['secret', 'reveal', 'alice'], '', { SOPS_AGE_KEY_FILE: other.file });
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toContain(`no available key opens the Secret: it is encrypted for ${key.recipient}`);
});

test('rotate makes another password, which Flux puts into the same Secret', async () => {
  sops.run(['secret', 'rotate', 'alice']);
  deliver();
  const found = await secretIn(namespace, NAME, (now) => now[KEY]?.length === 40);
  expect(found[KEY]).toEqual(sops.revealed([], KEY_FILE));
});

describe('the program sops agrees about a file', () => {
  const env = { SOPS_AGE_KEY: OPENS.identity };
  /** The password that a cluster would get, or nothing when nothing decrypts the file. */
  const decrypted = (text: string): string | undefined => {
    try {
      const json = runTool('sops', ['decrypt', '--input-type', 'yaml', '--output-type', 'json', '--filename-override', 'secret.yaml'], { input: text, env }); // prettier-ignore
      return (JSON.parse(json) as { stringData: Record<string, string> }).stringData[KEY];
    } catch {
      return undefined;
    }
  };

  test('that is accepted: it has the password', () => {
    expect(decrypted(SOPS_TEXT)).toBe('hunter2-hunter2');
  });

  test.each(SOPS_FAULTS)('that is refused: it does not open, or stays encrypted, with %s', (_, change) => {
    expect(decrypted(change(SOPS_TEXT)) ?? 'ENC[').toMatch(/^ENC\[/);
  });

  test.each(AGE_FAULTS)('that is refused: its key does not open it, with an age block %s', (_, change) => {
    expect(decrypted(change(SOPS_TEXT))).toBeUndefined();
  });
});

test('the API server refuses an encrypted Secret that nobody decrypts', () => {
  expect(kubectl.ask(['apply', '--dry-run=server', '-f', '-'], textOf(sops.secretText)).refusals.join()).toContain(
    'sops',
  );
});
