import type { Mapping } from '@dozlab/charts/schema';
import { valuesWith } from '../support/values';
import { chartFolder, nextChart } from './chart';
import { kubectl, sessionNamespace } from './cluster';
import { fingerprintOf, fingerprintsIn, secretsIn, type Fingerprint } from './fingerprint';
import { BOTH } from './helm';
import { podsOf } from './live-session';
import { Release } from './release';

const chart = chartFolder();
const next = nextChart();

const NAME = 'lab-session-alice-001-secrets';
const KEY = 'vscode-password';

/** The passwords of a session, none of which is ever in an assertion as it is. */
class Passwords {
  constructor(private readonly namespace: string) {}

  /** What the Secret of the release holds. */
  get kept(): Record<string, Fingerprint> {
    return fingerprintsIn(this.secret());
  }

  get exists(): boolean {
    return kubectl.try(['get', 'secret', NAME, '-n', this.namespace]);
  }

  /** Whether a text shows the password. */
  isIn(text: string): boolean {
    const [password, ...others] = secretsIn(this.secret()).values();
    if (password === undefined || others.length > 0) throw new Error('not one password');
    return text.includes(password) || text.includes(Buffer.from(password).toString('base64'));
  }

  /** Whether the password is of letters and digits alone. */
  get isAlphanumeric(): boolean {
    return Array.from(secretsIn(this.secret()).values()).every((password) => /^[A-Za-z0-9]+$/.test(password));
  }

  private secret() {
    return kubectl.get('secret', NAME, '-n', this.namespace);
  }
}

/** Where VS Code reads its password. */
function referenceOf(namespace: string): unknown {
  const printed = kubectl.run([
    ...['get', 'deployment', 'lab-session-alice-001', '-n', namespace, '-o'],
    `jsonpath={.spec.template.spec.containers[?(@.name=="code-server")].env[?(@.name=="PASSWORD")].valueFrom.secretKeyRef}`,
  ]);
  return JSON.parse(printed);
}

const withVsCode = (codeServer: Mapping): Mapping => valuesWith({ codeServer });

describe.each(BOTH)('%s', (name, helm) => {
  describe('a generated password', () => {
    const namespace = sessionNamespace(`${name}-generated`);
    const release = new Release(helm, chart, namespace);
    const passwords = new Passwords(namespace);
    let first: Record<string, Fingerprint> = {};
    let printed = '';

    beforeAll(() => {
      printed = release.install(valuesWith());
      first = passwords.kept;
    });

    test('has 32 letters and digits, which Helm does not print', () => {
      expect(passwords.isIn(printed)).toBe(false);
      expect(Object.entries(first).map(([key, { length }]) => [key, length])).toEqual([[KEY, 32]]);
      expect(passwords.isAlphanumeric).toBe(true);
      expect(referenceOf(namespace)).toEqual({ name: NAME, key: KEY });
    });

    test.each<[string, () => string]>([
      ['an upgrade with other values', () => release.upgrade(valuesWith({ firecracker: { vm: { memory: 2048 } } }))],
      ['an upgrade with other labels', () => release.upgrade(valuesWith({ labels: { course: 'one' } }))],
      ['an upgrade to another version', () => release.from(next).upgrade(valuesWith())],
      ['an upgrade to a Pod', () => release.upgrade(valuesWith({ workload: { kind: 'Pod' } }))],
      ['a rollback', () => release.rollback(1)],
      ['an upgrade after a rollback', () => release.upgrade(valuesWith({ firecracker: { vm: { cpuCount: 2 } } }))],
    ])('stays through %s', (_, change) => {
      expect(passwords.isIn(change())).toBe(false);
      expect(passwords.kept).toEqual(first);
    });

    test('is generated again when the Secret is deleted', () => {
      kubectl.run(['delete', 'secret', NAME, '-n', namespace]);
      release.upgrade(valuesWith());
      expect(passwords.kept[KEY]?.length).toBe(32);
      expect(passwords.kept).not.toEqual(first);
    });

    test('is another one for each session', () => {
      const other = sessionNamespace(`${name}-other`);
      new Release(helm, chart, other).install(valuesWith());
      expect(new Passwords(other).kept[KEY]?.length).toBe(32);
      expect(new Passwords(other).kept).not.toEqual(passwords.kept);
    });

    test('is deleted with the release', () => {
      release.uninstall();
      expect(passwords.exists).toBe(false);
    });
  });

  test('a given password is used exactly, and can change', () => {
    const namespace = sessionNamespace(`${name}-given`);
    const release = new Release(helm, chart, namespace);
    const passwords = new Passwords(namespace);
    const [one, two] = ['*a\'b"c, {{ .Values }} $d\\e é', '007'];
    expect([release.install(withVsCode({ password: one })).includes(one)]).toEqual([false]);
    expect(passwords.kept).toEqual({ [KEY]: fingerprintOf(one) });
    release.upgrade(withVsCode({ password: two }));
    expect(passwords.kept).toEqual({ [KEY]: fingerprintOf(two) });
    release.rollback(1);
    expect(passwords.kept).toEqual({ [KEY]: fingerprintOf(one) });
  });

  test('a given password takes the place of a generated one, and stays when it is no longer given', () => {
    const namespace = sessionNamespace(`${name}-replaced`);
    const release = new Release(helm, chart, namespace);
    const passwords = new Passwords(namespace);
    release.install(valuesWith());
    const generated = passwords.kept;
    const given = { [KEY]: fingerprintOf('correct horse') };
    release.upgrade(withVsCode({ password: 'correct horse' }));
    expect(passwords.kept).toEqual(given);
    release.upgrade(valuesWith());
    expect(passwords.kept).toEqual(given);
    release.rollback(1);
    expect(passwords.kept).toEqual(generated);
  });

  test('an existing Secret is used as it is, and outlives the release', () => {
    const namespace = sessionNamespace(`${name}-existing`);
    const release = new Release(helm, chart, namespace);
    kubectl.apply([
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'mine', namespace }, stringData: { password: 'my own' } },
    ]);
    release.install(withVsCode({ existingSecret: 'mine', existingSecretKey: 'password' }));
    expect(referenceOf(namespace)).toEqual({ name: 'mine', key: 'password' });
    expect(new Passwords(namespace).exists).toBe(false);
    expect(podsOf(namespace, 'alice-001')).toHaveLength(1);
    release.uninstall();
    expect(fingerprintsIn(kubectl.get('secret', 'mine', '-n', namespace))).toEqual({
      password: fingerprintOf('my own'),
    });
  });

  test('an existing Secret wins over a given password', () => {
    const namespace = sessionNamespace(`${name}-both`);
    new Release(helm, chart, namespace).install(withVsCode({ existingSecret: 'mine', password: 'correct horse' }));
    expect(referenceOf(namespace)).toEqual({ name: 'mine', key: KEY });
    expect(new Passwords(namespace).exists).toBe(false);
  });
});
