import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addFiles, temporaryFolder } from '../support/project';
import { kubectl, sessionNamespace } from './cluster';
import { fingerprintOf, fingerprintsIn } from './fingerprint';
import { seal } from './kubeseal';
import { KEY, SecretProject, secretIn } from './secret-project';
import { systems } from './systems';

const NAME = 'lab-session-alice-secrets';
const PASSWORD = 'correct horse: "battery" {{ staple }} é';

/** A project whose certificate is the one that the controller has. */
async function projectFor(namespace: string, scope: string): Promise<SecretProject> {
  const answer = await fetch(systems().certificate);
  const secrets = { provider: 'sealed-secrets', sealedSecrets: { certificate: 'controller.pem', scope } };
  return new SecretProject(namespace, secrets, 'kustomize', { 'controller.pem': await answer.text() });
}

/** What the controller makes of a SealedSecret: the Secret, or what it says of one that it does not open. */
async function outcomeOf(namespace: string, name: string): Promise<unknown> {
  for (let tries = 0; tries < 240; tries++) {
    const { status } = kubectl.get('sealedsecret', name, '-n', namespace) as unknown as { status?: Status };
    const synced = status?.conditions.find(({ type }) => type === 'Synced');
    if (synced?.status === 'False') {
      const exists = kubectl.try(['get', 'secret', name, '-n', namespace]);
      return { exists, isRefused: synced.message?.includes('no key could decrypt secret') };
    }
    if (synced?.status === 'True') return fingerprintsIn(kubectl.get('secret', name, '-n', namespace));
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return 'the controller says nothing';
}

interface Status {
  readonly conditions: readonly { readonly type: string; readonly status: string; readonly message?: string }[];
}

const OPENED = { [KEY]: fingerprintOf(PASSWORD) };
const REFUSED = { exists: false, isRefused: true };

const apply = (text: string): void => {
  kubectl.run(['apply', '-f', '-'], text);
};

describe.each(['strict', 'namespace-wide', 'cluster-wide'])('what is sealed here, in the scope %s', (scope) => {
  const namespace = sessionNamespace(`sealed-${scope}`);
  const elsewhere = sessionNamespace(`moved-${scope}`);
  let sealed: SecretProject;

  beforeAll(async () => {
    sealed = await projectFor(namespace, scope);
    sealed.set(PASSWORD);
    sealed.synth();
  });

  test('is unsealed by the controller, and by its key without it', async () => {
    apply(sealed.secretText);
    expect(await secretIn(namespace, NAME)).toEqual({ [KEY]: fingerprintOf(PASSWORD) });
    expect(sealed.revealed()).toEqual(fingerprintOf(PASSWORD));
    const keys = kubectl.list('secrets', '-n', 'sealed-secrets', '-l', 'sealedsecrets.bitnami.com/sealed-secrets-key');
    const { data } = keys[0] as unknown as { data: Record<string, string> };
    const file = join(temporaryFolder(), 'tls.key');
    writeFileSync(file, Buffer.from(data['tls.key'] ?? '', 'base64'));
    expect(sealed.revealed(['--private-key', file])).toEqual(fingerprintOf(PASSWORD));
  });

  test('opens under another name only where the scope says so', async () => {
    apply(sealed.secretText.replaceAll(NAME, 'another'));
    expect(await outcomeOf(namespace, 'another')).toEqual(scope === 'strict' ? REFUSED : OPENED);
  });

  test('opens in another namespace only where the scope says so', async () => {
    apply(sealed.secretText.replaceAll(namespace, elsewhere));
    expect(await outcomeOf(elsewhere, NAME)).toEqual(scope === 'cluster-wide' ? OPENED : REFUSED);
  });

  test('is rotated: the controller puts the new password into the same Secret', async () => {
    sealed.run(['secret', 'rotate', 'alice']);
    sealed.synth();
    apply(sealed.secretText);
    const first = fingerprintOf(PASSWORD);
    const found = await secretIn(namespace, NAME, (now) => now[KEY]?.digest !== first.digest);
    expect(found[KEY]).toMatchObject({ length: 40 });
    expect(sealed.revealed()).toEqual(found[KEY]);
  });
});

test.each(['strict', 'namespace-wide', 'cluster-wide'])(
  'what kubeseal has sealed in the scope %s is read the same way',
  async (scope) => {
    const namespace = sessionNamespace(`kubeseal-${scope}`);
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: NAME, namespace },
      stringData: { [KEY]: PASSWORD },
    };
    const sealed = await projectFor(namespace, 'strict');
    addFiles(sealed.folder, { 'secrets/class/alice.yaml': seal(JSON.stringify(secret), `--scope=${scope}`) });
    expect(sealed.run(['validate'])).not.toMatch(/ error /);
    sealed.synth();
    apply(sealed.secretText);
    expect(await secretIn(namespace, NAME)).toEqual({ [KEY]: fingerprintOf(PASSWORD) });
    expect(JSON.parse(sealed.run(['secret', 'status', '-o', 'json']))).toMatchObject([
      { state: 'present', openedBy: `${scope}, certificate unknown` },
    ]);
  },
);

test('the certificate can be fetched from the controller', async () => {
  const namespace = sessionNamespace('sealed-url');
  const secrets = { provider: 'sealed-secrets', sealedSecrets: { certificate: systems().certificate } };
  const sealed = new SecretProject(namespace, secrets);
  sealed.set(PASSWORD);
  sealed.synth();
  apply(sealed.secretText);
  expect(await secretIn(namespace, NAME)).toEqual({ [KEY]: fingerprintOf(PASSWORD) });
});
