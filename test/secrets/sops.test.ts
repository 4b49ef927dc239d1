import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { isEncrypted } from '../../src/secrets/sops-format';
import { addFiles, temporaryFolder } from '../support/project';
import { pathsBelow } from '../support/folder';
import { ALICE, SECRET_FILE, fileProblems, secretProject, sops, textOf } from '../support/secret-project';
import { secretRun, secretRuns, type SecretRun } from '../support/secret-runs';
import { AGE_KEYS } from '../support/test-keys';

const [ONE, TWO, THREE] = AGE_KEYS;
const PASSWORD = 'hünter2 "\\ {{ }} # : 😀';

const set = (folder: string, input = PASSWORD): SecretRun => ({
  args: ['secret', 'set', 'alice', '--project', folder],
  input,
});
const reveal = (folder: string, env: Record<string, string> = {}): SecretRun => ({
  args: ['secret', 'reveal', 'alice', '--project', folder],
  env,
});
const withKey = (...keys: string[]) => ({ SOPS_AGE_KEY: keys.join('\n') });

/** A project with a password that the library encrypted for two recipients. */
const encrypted = (password = PASSWORD): { folder: string; text: string } => {
  const folder = secretProject(sops(ONE.recipient, TWO.recipient));
  expect(secretRun(['secret', 'set', 'alice', '--project', folder], { input: password })).toMatchObject({ status: 0 });
  return { folder, text: textOf(folder, SECRET_FILE) };
};

/** Projects, each with one change of the file. */
const changed = (text: string, changes: readonly ((text: string) => string)[]): string[] =>
  changes.map((change) => {
    const other = change(text);
    expect(other).not.toBe(text);
    return secretProject(sops(ONE.recipient), { [SECRET_FILE]: other });
  });

describe('an encrypted password', () => {
  const { folder, text } = encrypted();
  const content = parseDocument(text).toJS() as Record<string, Record<string, unknown>>;

  test('is a Secret that Flux reads, and shows nothing of the password', () => {
    expect(fileProblems('sops', content)).toEqual([]);
    expect(content).toMatchObject({
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'Opaque',
      metadata: { name: ALICE.name, namespace: ALICE.namespace },
      sops: {
        age: [{ recipient: ONE.recipient }, { recipient: TWO.recipient }],
        encrypted_regex: '^(data|stringData)$',
        version: expect.stringMatching(/^3\./) as string,
        lastmodified: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string,
      },
    });
    expect(isEncrypted(content['stringData']?.['vscode-password'])).toBe(true);
    expect(text).not.toMatch(/nter2|😀/);
  });

  test('opens with the key of each recipient, among several keys, and from a file of keys', () => {
    const keys = temporaryFolder();
    addFiles(keys, {
      'keys.txt': `# created: today\r\n# public key: ${THREE.recipient}\r\n${THREE.identity}\r\n\r\n${TWO.identity}\r\n`,
      'config/sops/age/keys.txt': `${ONE.identity}\n`,
    });
    const environments: Record<string, string>[] = [
      withKey(ONE.identity),
      withKey(TWO.identity),
      withKey(THREE.identity, '', '# two', `  ${TWO.identity}  `),
      { SOPS_AGE_KEY_FILE: join(keys, 'keys.txt') },
      { XDG_CONFIG_HOME: join(keys, 'config') },
      { HOME: keys, XDG_CONFIG_HOME: join(keys, 'config') },
      { ...withKey(ONE.identity), SOPS_AGE_KEY_FILE: '' },
    ];
    for (const run of secretRuns(environments.map((env) => reveal(folder, env))))
      expect(run).toEqual({ status: 0, stdout: `${PASSWORD}\n`, stderr: '' });
  });

  test('opens with a key of the home folder', () => {
    const home = temporaryFolder();
    addFiles(home, { '.config/sops/age/keys.txt': ONE.identity });
    expect(secretRun(reveal(folder).args, { env: { HOME: home } })).toMatchObject({
      status: 0,
      stdout: `${PASSWORD}\n`,
    });
  });

  test('does not open with other keys, and errors show no key', () => {
    const keys = temporaryFolder();
    addFiles(keys, { 'empty.txt': '# nothing\n', 'folder/x': '' });
    const broken = `${ONE.identity.slice(0, -1)}Q`;
    const cases: [Record<string, string>, RegExp][] = [
      [withKey(THREE.identity), /no available key opens the Secret: it is encrypted for age1/],
      [withKey(broken), /one of the age keys is wrong. Fix: use lines that start with AGE-SECRET-KEY-1/],
      [withKey('hunter2-key'), /one of the age keys is wrong/],
      [{}, /no age key is available. Fix: put one into SOPS_AGE_KEY/],
      [{ SOPS_AGE_KEY_FILE: join(keys, 'none.txt') }, /SOPS_AGE_KEY_FILE is .*none\.txt, which does not exist/],
      [{ SOPS_AGE_KEY_FILE: join(keys, 'empty.txt') }, /no age key is available/],
      [{ SOPS_AGE_KEY_FILE: join(keys, 'folder') }, /cannot be read \(EISDIR\)/],
    ];
    const runs = secretRuns(cases.map(([env]) => reveal(folder, env)));
    cases.forEach(([, says], index) => {
      expect(runs[index]).toMatchObject({ status: 1, stdout: '', stderr: expect.stringMatching(says) as string });
      expect(runs[index]?.stderr).not.toMatch(/AGE-SECRET-KEY-1[A-Z0-9]|hunter2|^ +at /m);
    });
  });

  test('opens although another key is of another kind', () => {
    expect(secretRun(reveal(folder).args, { env: withKey('AGE-PLUGIN-YUBIKEY-1QQQQ', ONE.identity) })).toMatchObject({
      status: 0,
      stdout: `${PASSWORD}\n`,
    });
  });

  test('differs each time', () => {
    const again = encrypted().text;
    const data = (of: string) => /ENC\[AES256_GCM,data:([^,]+)/.exec(of)?.[1];
    expect(data(again)).toMatch(/./);
    expect(data(again)).not.toBe(data(text));
  });
});

describe('a file of SOPS', () => {
  const { text } = encrypted();

  test('is refused after any change by hand, and errors show nothing of the password', () => {
    const flip = (pattern: RegExp) => (of: string) =>
      of.replace(pattern, (_, before: string, letter: string) => `${before}${letter === 'A' ? 'B' : 'A'}`);
    const folders = changed(text, [
      flip(/(ENC\[AES256_GCM,data:)(.)/),
      flip(/(,iv:)(.)/),
      flip(/(,tag:)(.)/),
      flip(/("?mac"?: "?ENC\[AES256_GCM,data:)(.)/),
      (of) => of.replace('lab-class', 'lab-other'),
      (of) => of.replace('Opaque', 'Opaqua'),
      (of) => of.replace(/("?lastmodified"?: "?)\d{4}/, '$12001'),
      (of) => of.replace('"vscode-password"', '"other-key"').replace('vscode-password:', 'other-key:'),
      (of) => of.replace(/^ *"?mac"?: .*\n/m, ''),
      (of) => of.replace(/^ *"?lastmodified"?: .*\n/m, ''),
      (of) => of.replace(/ENC\[AES256_GCM,data:[^,]*,iv:/, 'ENC[AES256_GCM,data:,iv:'),
      (of) => of.replace(/,iv:[^,]*,/, ',iv:=,'),
      (of) => of.replace(/^ *-----BEGIN AGE.*\n/gm, ''),
    ]);
    const runs = secretRuns(folders.map((folder) => reveal(folder, withKey(ONE.identity))));
    runs.forEach((run) => {
      expect(run).toMatchObject({ status: 1, stdout: '' });
      expect(run.stderr).toMatch(/^dozlab: /);
      expect(run.stderr).not.toMatch(/nter2|^ +at /m);
    });
    expect(runs[0]?.stderr).toContain('stringData:vscode-password');
    expect(runs[4]?.stderr).toContain('changed by hand');
  });

  test('with another kind of key is opened by the program sops', () => {
    const kms = text.replace(
      /^ {2}"?age"?:[\s\S]*?(?=^ {2}"?lastmodified)/m,
      '  kms: [{arn: "arn:aws:kms:x", created_at: "2026-01-01T00:00:00Z", enc: x}]\n',
    );
    const [folder = ''] = changed(text, [() => kms]);
    const [revealed, status, validated] = secretRuns([
      reveal(folder, withKey(ONE.identity)),
      { args: ['secret', 'status', '--project', folder] },
      { args: ['validate', '--project', folder] },
    ]);
    expect(revealed).toMatchObject({ status: 1, stdout: '' });
    expect(revealed?.stderr).toContain('sops is needed');
    expect(status?.stdout).toContain('keys of the program sops');
    expect(validated?.status).toBe(0);
  });
});

describe('dozlab secret set with sops', () => {
  test('refuses a recipient with a wrong character, and writes nothing', () => {
    const wrong = `${ONE.recipient.slice(0, -1)}${ONE.recipient.endsWith('q') ? 'p' : 'q'}`;
    const folder = secretProject(sops(TWO.recipient, wrong));
    expect(secretRuns([set(folder)])[0]).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(`${wrong} is not an age recipient`) as string,
    });
    expect(pathsBelow(join(folder, 'secrets'))).toEqual([]);
  });

  test('needs the program sops without recipients', () => {
    const folder = secretProject(sops());
    const [run] = secretRuns([set(folder)]);
    expect(run).toMatchObject({ status: 1, stdout: '' });
    expect(run?.stderr).toContain('sops is needed to encrypt a password, and is not on the PATH');
    expect(pathsBelow(join(folder, 'secrets'))).toEqual([]);
  });
});
