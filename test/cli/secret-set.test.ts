import { join } from 'node:path';
import { readdirSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { at } from '@dozlab/charts/schema';
import { unseal } from '../../src/secrets/seal';
import { dozlab } from '../support/cli';
import { contentsOf, pathsBelow } from '../support/folder';
import { addFiles, cohort, session } from '../support/project';
import { ALICE, SEALED, SECRET_FILE, privateKey, secretProject, sealedText, textOf } from '../support/secret-project';
import { bareEnvironment, secretRun, secretRuns } from '../support/secret-runs';
import { PRIVATE_KEY } from '../support/test-keys';

/** The password in a file of secrets/. */
function passwordIn(folder: string, path = SECRET_FILE, name = ALICE.name, namespace = ALICE.namespace): string {
  const content: unknown = parseDocument(textOf(folder, path)).toJS();
  const sealed = at(content, ['spec', 'encryptedData', 'vscode-password']);
  return unseal(String(sealed), privateKey(), 'strict', { name, namespace });
}

const set = (folder: string, ...more: string[]) => ['secret', 'set', ...more, '--project', folder];
const MADE = /^[A-Za-z0-9_-]{40}$/;

describe('dozlab secret set with a session', () => {
  const GIVEN: [string, string | Buffer, string][] = [
    ['with a line end', 'hunter2-hunter2\n', 'hunter2-hunter2'],
    ['with the line end of Windows', 'hunter2-hunter2\r\n', 'hunter2-hunter2'],
    ['without a line end', 'hunter2-hunter2', 'hunter2-hunter2'],
    ['with spaces around', '  hunter2 hunter2  \n', '  hunter2 hunter2  '],
    ['of letters of all kinds', 'pä$$"\\ 😀 {{x}} #: \n', 'pä$$"\\ 😀 {{x}} #: '],
    ['of eight letters', '😀😀😀😀😀😀😀😀', '😀😀😀😀😀😀😀😀'],
    ['of 1024 letters', 'x'.repeat(1024), 'x'.repeat(1024)],
  ];
  const folders = GIVEN.map(() => secretProject(SEALED));
  const runs = secretRuns(
    folders.map((folder, index) => ({ args: set(folder, 'alice'), input: GIVEN[index]?.[1] ?? '' })),
  );

  test.each(GIVEN.map(([name, , password], index) => [name, password, index] as const))(
    'takes a password from standard input: %s',
    (_, password, index) => {
      expect(runs[index]).toMatchObject({ status: 0, stdout: '' });
      expect(runs[index]?.stderr).toContain(`class/alice: ${SECRET_FILE}`);
      expect(runs[index]?.stderr).toContain('run dozlab synth');
      expect(passwordIn(folders[index] ?? '')).toBe(password);
      expect(readdirSync(join(folders[index] ?? '', 'secrets/class'))).toEqual(['alice.yaml']);
    },
  );

  const REFUSED: [string, string | Buffer, RegExp][] = [
    ['several lines', 'hunter2-one\nhunter2-two\n', /several lines or control characters/],
    ['two line ends', 'hunter2-hunter2\n\n', /several lines/],
    ['a control character', 'hunter2\u0007hunter2', /control characters/],
    ['a tab', 'hunter2\thunter2', /control characters/],
    ['an escape of C1', 'hunter2\u0085hunter2', /control characters/],
    ['no character', 'hunter2\u0000hunter2', /control characters/],
    ['an invisible character', 'hunter2\u200bhunter2', /has invisible characters/],
    ['a byte order mark inside', 'hunter2\ufeffhunter2', /has invisible characters/],
    ['spaces alone', ' '.repeat(12), /is blank; accepted: text with other characters than spaces/],
    ['seven characters', 'hunter2', /has 7 characters; accepted: 8 to 1024/],
    ['seven characters beyond the first plane', '😀'.repeat(7), /has 7 characters/],
    ['1025 characters', 'hunter2'.padEnd(1025, 'x'), /has 1025 characters/],
    ['what is not UTF-8', Buffer.from([0x68, 0x75, 0x6e, 0x74, 0xff, 0xfe, 0x65, 0x72, 0x32]), /not text in UTF-8/],
    ['the bytes of a surrogate', Buffer.from([0x68, 0x75, 0x6e, 0x74, 0x65, 0x72, 0x32, 0xed, 0xa0, 0x80]), /UTF-8/],
  ];
  const before = sealedText('hunter2-before');
  const refusing = REFUSED.map(() => secretProject(SEALED, { [SECRET_FILE]: before }));
  const refused = secretRuns(
    refusing.map((folder, index) => ({ args: set(folder, 'alice'), input: REFUSED[index]?.[1] ?? '' })),
  );

  test.each(REFUSED.map(([name, , says], index) => [name, says, index] as const))(
    'refuses a password of %s, does not show it and changes nothing',
    (_, says, index) => {
      expect(refused[index]).toMatchObject({ status: 1, stdout: '' });
      expect(refused[index]?.stderr).toMatch(says);
      expect(refused[index]?.stderr).not.toMatch(/hunter2|hunt/);
      expect(textOf(refusing[index] ?? '', SECRET_FILE)).toBe(before);
    },
  );

  test('makes a password without input, and then replaces none', () => {
    for (const input of ['', '\n', '\r\n']) {
      const folder = secretProject(SEALED);
      const [made, again] = secretRuns([1, 2].map(() => ({ args: set(folder, 'alice'), input })));
      expect(made).toMatchObject({ status: 0, stdout: '' });
      const password = passwordIn(folder);
      expect(password).toMatch(MADE);
      expect(again).toMatchObject({ status: 1, stdout: '' });
      expect(again?.stderr).toContain(
        'class/alice has a password. Fix: enter another one on standard input, or run dozlab secret rotate',
      );
      expect(passwordIn(folder)).toBe(password);
    }
  });

  test('replaces a password by the given one', () => {
    const folder = secretProject(SEALED, { [SECRET_FILE]: before });
    expect(secretRun(set(folder, 'class/alice'), { input: 'hunter2-after' }).status).toBe(0);
    expect(passwordIn(folder)).toBe('hunter2-after');
  });

  test('reads a pipe, and makes a password with a device or a closed input', () => {
    const folder = secretProject(SEALED);
    const env = bareEnvironment(folder);
    expect(dozlab(set(folder, 'alice'), { input: 'hunter2-piped\n', env })).toMatchObject({ status: 0, stdout: '' });
    expect(passwordIn(folder)).toBe('hunter2-piped');
    const other = secretProject(SEALED);
    const none = { env: bareEnvironment(other), stdio: ['ignore', 'pipe', 'pipe'] } as object;
    expect(dozlab(set(other, 'alice'), none)).toMatchObject({ status: 0, stdout: '' });
    expect(passwordIn(other)).toMatch(MADE);
  });
});

describe('dozlab secret set and rotate for several sessions', () => {
  const files = {
    'sessions/class/bob.yaml': session('bob'),
    'sessions/other/cohort.yaml': cohort('other', { namespace: 'rooms' }),
    'sessions/other/carol.yaml': session('carol'),
    'sessions/own/cohort.yaml': cohort('own', { secrets: { provider: 'external-secrets' } }),
    'sessions/own/dave.yaml': session('dave'),
    [SECRET_FILE]: sealedText('hunter2-before'),
  };
  const OTHERS = ['secrets/class/bob.yaml', 'secrets/other/carol.yaml'];

  test('set without a session gives a password to each session that has none', () => {
    const folder = secretProject(SEALED, files);
    const sessions = contentsOf(join(folder, 'sessions'));
    const [first, second, validate] = secretRuns([
      { args: set(folder) },
      { args: set(folder) },
      { args: ['validate', '--project', folder] },
    ]);
    expect(first).toMatchObject({ status: 0, stdout: '' });
    expect(first?.stderr).toMatch(
      /^class\/bob: secrets\/class\/bob\.yaml\nother\/carol: secrets\/other\/carol\.yaml\n/,
    );
    expect(passwordIn(folder)).toBe('hunter2-before');
    const made = [
      passwordIn(folder, OTHERS[0], 'lab-session-bob-secrets'),
      passwordIn(folder, OTHERS[1], 'lab-session-carol-secrets', 'rooms'),
    ];
    for (const password of made) expect(password).toMatch(MADE);
    expect(made[0]).not.toBe(made[1]);
    expect(second).toMatchObject({ status: 0 });
    expect(second?.stderr).toContain('nothing to do');
    expect(pathsBelow(join(folder, 'secrets'))).toEqual(['class/alice.yaml', 'class/bob.yaml', 'other/carol.yaml']);
    expect(contentsOf(join(folder, 'sessions'))).toEqual(sessions);
    expect(validate?.status).toBe(0);
  });

  test('--cohort selects the sessions of a cohort', () => {
    const folder = secretProject(SEALED, files);
    expect(secretRun(set(folder, '--cohort', 'other')).status).toBe(0);
    expect(pathsBelow(join(folder, 'secrets'))).toEqual(['class/alice.yaml', 'other/carol.yaml']);
  });

  test('rotate --all --cohort changes the passwords of that cohort only', () => {
    const folder = secretProject(SEALED, files);
    secretRun(set(folder));
    const before = contentsOf(folder);
    const rotated = (...more: string[]) => {
      expect(secretRun(['secret', 'rotate', ...more, '--project', folder]).status).toBe(0);
      const after = contentsOf(folder);
      return Array.from(after.keys()).filter((path) => after.get(path) !== before.get(path));
    };
    expect(rotated('--all', '--cohort', 'class')).toEqual([SECRET_FILE, 'secrets/class/bob.yaml']);
    expect(passwordIn(folder)).toMatch(MADE);
    const refused = secretRun(['secret', 'rotate', '--all', '--project', folder]);
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain('1 session restarts; 1 session loses data: ');
    expect(rotated('--all', '--yes')).toEqual([SECRET_FILE, ...OTHERS, 'sessions/own/dave.yaml']);
  });

  test('reveal opens a password with the private key of the controller, and with no other', () => {
    const folder = secretProject(SEALED, files);
    addFiles(folder, { 'key.pem': PRIVATE_KEY, 'none.pem': 'hunter2-none' });
    const reveal = (session: string, key: string) => ({
      args: ['secret', 'reveal', session, '--private-key', join(folder, key), '--project', folder],
    });
    const [right, none, missing, other] = secretRuns([
      reveal('alice', 'key.pem'),
      reveal('alice', 'none.pem'),
      reveal('alice', 'nothing.pem'),
      reveal('bob', 'key.pem'),
    ]);
    expect(right).toEqual({ status: 0, stdout: 'hunter2-before\n', stderr: '' });
    for (const run of [none, missing]) {
      expect(run).toMatchObject({ status: 1, stdout: '' });
      expect(run?.stderr).toMatch(/^dozlab: .*\.pem is not a readable private key in PEM form$/m);
      expect(run?.stderr).not.toContain('hunter2');
    }
    expect(other).toMatchObject({ status: 2, stdout: '' });
  });
});
