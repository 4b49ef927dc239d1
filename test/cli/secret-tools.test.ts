import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { parse } from 'yaml';
import { contentsOf, pathsBelow } from '../support/folder';
import { cohort, session, temporaryFolder } from '../support/project';
import { ALICE, SECRET_FILE, secretProject, sops, textOf } from '../support/secret-project';
import { StandIn, secretRun, secretRuns } from '../support/secret-runs';
import { SOPS_TEXT } from '../support/sops-secret';
import { AGE_KEYS } from '../support/test-keys';

const PASSWORD = 'hunter2 "quoted" \\ ä';
const CODED = Buffer.from(PASSWORD).toString('base64');
const ECHO = 'process.stderr.write(`error: ${input}\n`); process.exitCode = 1;';

const args = (action: string, folder: string, ...more: string[]) => ['secret', action, ...more, '--project', folder];

/** A stand-in for kubectl: `get` of many prints the lines, `get` of one the data, `apply` accepts everything. */
const kubectl = (lines: string[] = [], data = '') =>
  new StandIn(
    temporaryFolder(),
    'kubectl',
    `if (args.includes('secrets')) say(${JSON.stringify(lines.map((line) => `${line}\n`).join(''))});
else if (args.includes('secret')) say(${JSON.stringify(data)});`,
  );

describe('a password in the cluster', () => {
  test('reaches kubectl on standard input only, in the named context', () => {
    const tool = kubectl();
    const folder = secretProject({});
    const before = contentsOf(folder);
    const run = secretRun(args('set', folder, 'alice', '--context', 'lab'), { input: PASSWORD }, tool.folder);
    expect(run).toMatchObject({ status: 0, stdout: '' });
    expect(run.stderr).toContain('class/alice: the Secret lab-session-alice-secrets in the namespace lab-class');
    const calls = tool.calls();
    expect(calls).toHaveLength(1);
    expect(JSON.stringify(calls.map((call) => call.args))).not.toMatch(/hunter2|aHVudGVyM/);
    expect(calls[0]?.args).toEqual(expect.arrayContaining(['--context=lab', 'apply', '--server-side', '-f', '-']));
    const { metadata, ...rest } = JSON.parse(calls[0]?.input ?? '') as { metadata: Record<string, unknown> };
    expect(rest).toEqual({ apiVersion: 'v1', kind: 'Secret', type: 'Opaque', data: { 'vscode-password': CODED } });
    expect(metadata).toMatchObject({ name: ALICE.name, namespace: ALICE.namespace, labels: { 'session-id': 'alice' } });
    expect(contentsOf(folder)).toEqual(before);
  });

  test('is masked in errors of kubectl', () => {
    const { folder: tools } = new StandIn(temporaryFolder(), 'kubectl', ECHO);
    const run = secretRun(args('set', secretProject({}), 'alice'), { input: PASSWORD }, tools);
    expect(run).toMatchObject({ status: 1, stdout: '' });
    expect(run.stderr).toMatch(/^dozlab: kubectl failed to write a Secret: error: .*\(not shown\)/);
    expect(run.stderr).not.toMatch(/hunter2|aHVudGVyM/);
  });

  test('is kept if the session has one', () => {
    const files = { 'sessions/class/bob.yaml': session('bob'), 'sessions/class/carol.yaml': session('carol') };
    const tool = kubectl([
      'lab-session-alice-secrets|2026-01-01T00:00:00Z||vscode-password ',
      'lab-session-bob-secrets|2026-01-01T00:00:00Z||other-key ',
    ]);
    const folder = secretProject({}, files);
    const [all, one] = secretRuns([{ args: args('set', folder) }, { args: args('set', folder, 'alice') }], tool.folder);
    expect(all?.status).toBe(0);
    expect(one).toMatchObject({ status: 1 });
    expect(one?.stderr).toContain('class/alice has a password');
    const written = tool.calls().filter((call) => call.args.includes('apply'));
    expect(written.map(({ input }) => /"name":"([^"]+)/.exec(input)?.[1])).toEqual([
      'lab-session-bob-secrets',
      'lab-session-carol-secrets',
    ]);
  });

  test('is the only output of reveal', () => {
    const run = secretRun(args('reveal', secretProject({}), 'alice'), {}, kubectl([], CODED).folder);
    expect(run).toEqual({ status: 0, stdout: `${PASSWORD}\n`, stderr: '' });
    const none = secretRun(args('reveal', secretProject({}), 'alice'), {}, kubectl().folder);
    expect(none).toMatchObject({ status: 1, stdout: '' });
    expect(none.stderr).toContain('has no key vscode-password');
  });

  test('of Helm is changed in its Secret, and no Secret is made', () => {
    const files = { 'sessions/class/cohort.yaml': cohort('class', { delivery: 'helm' }) };
    const folder = secretProject({ provider: 'generated' }, files);
    const [there, none] = [kubectl(['lab-session-alice-secrets|x||vscode-password ']), kubectl()];
    expect(secretRun(args('rotate', folder, 'alice'), {}, there.folder).status).toBe(0);
    expect(there.calls().at(-1)?.input).not.toContain('managed-by');
    const run = secretRun(args('set', folder, 'alice'), { input: PASSWORD }, none.folder);
    expect(run).toMatchObject({ status: 1 });
    expect(run.stderr).toContain('Fix: install the session; Helm makes it then, with a password');
    expect(none.calls().filter((call) => call.args.includes('apply'))).toEqual([]);
  });

  test('is not written with a misspelled provider', () => {
    const tool = kubectl();
    const misspelled = [{ provider: 'seald-secrets' }, { provider: null, providr: 'sops' }];
    const runs = secretRuns(
      misspelled.flatMap((secrets) => {
        const folder = secretProject(secrets);
        return [
          { args: args('set', folder, 'alice'), input: PASSWORD },
          { args: args('set', folder) },
          { args: args('rotate', folder, '--all') },
        ];
      }),
      tool.folder,
    );
    expect(tool.calls().filter((call) => call.args.includes('apply'))).toEqual([]);
    expect(runs.map(({ status }) => status)).toEqual([1, 1, 1, 1, 1, 1]);
    for (const { stderr } of runs) expect(stderr).toContain('dozlab.yaml');
  });
});

describe('dozlab secret status', () => {
  const secrets = sops(AGE_KEYS[0].recipient);
  const files = {
    'sessions/rooms/cohort.yaml': cohort('rooms', { secrets: { provider: 'existing' } }),
    'sessions/rooms/bob.yaml': session('bob'),
    'sessions/rooms/carol.yaml': session('carol'),
  };
  const folder = secretProject(secrets, files);
  secretRun(args('set', folder, 'alice'), { input: PASSWORD });

  test('prints text and JSON without passwords, and requests no values', () => {
    const made = new Date(Date.now() - 49 * 60 * 60 * 1000).toISOString();
    const tool = kubectl([`lab-session-bob-secrets|2020-01-01T00:00:00Z|${made}|a vscode-password `]);
    const [text, json] = secretRuns(
      [{ args: args('status', folder) }, { args: args('status', folder, '-o', 'json') }],
      tool.folder,
    );
    expect([text?.status, json?.status, text?.stderr, json?.stderr]).toEqual([0, 0, '', '']);
    const [head = '', ...lines] = (text?.stdout ?? '').trimEnd().split('\n');
    expect(head.split(/ {2,}/)).toEqual(['SESSION', 'PROVIDER', 'SECRET', 'KEY', 'STATE', 'AGE', 'OPENED BY']);
    const [alice = [], bob, carol] = lines.map((line) => line.trim().split(/ {2,}/));
    expect(alice.slice(0, 6)).toEqual(['class/alice', 'sops', 'lab-class/lab-session-alice-secrets', 'vscode-password', 'present', 'today']); // prettier-ignore
    expect(alice[6]).toBe(AGE_KEYS[0].recipient);
    expect(bob?.slice(4)).toEqual(['present', '2 days']);
    expect(carol?.slice(4)).toEqual(['missing']);
    expect(JSON.parse(json?.stdout ?? '')).toEqual([
      expect.objectContaining({ cohort: 'class', session: 'alice', provider: 'sops', state: 'present' }),
      { cohort: 'rooms', session: 'bob', provider: 'existing', namespace: 'lab-rooms', secret: 'lab-session-bob-secrets', key: 'vscode-password', state: 'present', madeAt: made }, // prettier-ignore
      expect.objectContaining({ session: 'carol', state: 'missing' }),
    ]);
    expect(tool.calls()).toHaveLength(2);
    expect(JSON.stringify(tool.calls())).not.toMatch(/index \.data|json/);
    expect(JSON.stringify([text, json])).not.toMatch(/hunter2|aHVudGVyM|ENC\[/);
  });

  test('requests only the namespaces of the selected sessions', () => {
    const tool = kubectl();
    const lines = [args('status', folder, 'alice'), args('status', folder, '--cohort', 'class')];
    const runs = secretRuns(lines.map((line) => ({ args: line })), tool.folder); // prettier-ignore
    for (const { stdout } of runs) expect(stdout.trimEnd().split('\n')).toHaveLength(2);
    expect(tool.calls()).toEqual([]);
  });

  test('prints unknown and the reason without kubectl, and exits 0', () => {
    const run = secretRun(args('status', folder));
    expect(run.status).toBe(0);
    expect(run.stderr).toContain('the cluster was not asked: kubectl is needed to list Secrets, and is not on the PATH'); // prettier-ignore
    expect(run.stdout).toMatch(/rooms\/bob .*unknown/);
  });

  test('prints no control characters of a file', () => {
    const text = textOf(folder, SECRET_FILE).replace(AGE_KEYS[0].recipient, '\\e[31mred\\nline');
    const other = secretProject(secrets);
    secretRun(args('set', other, 'alice'), { input: PASSWORD });
    writeFileSync(join(other, SECRET_FILE), text.replace(/recipient: "?(.*?)"?$/m, 'recipient: "$1"'));
    const run = secretRun(args('status', other));
    expect(run.status).toBe(0);
    expect(run.stdout).toContain('an invalid key');
    expect(run.stdout).not.toContain('\u001b');
  });
});

describe('the program sops', () => {
  const secrets = sops(AGE_KEYS[0].recipient, AGE_KEYS[1].recipient);
  const OUTPUT = `say(${JSON.stringify(SOPS_TEXT)});`;

  test('reads the password on standard input only, and recipients and path as arguments', () => {
    const tool = new StandIn(temporaryFolder(), 'sops', OUTPUT);
    const folder = secretProject(secrets);
    expect(secretRun(args('set', folder, 'alice'), { input: PASSWORD }, tool.folder)).toMatchObject({ status: 0 });
    const [call] = tool.calls();
    expect(parse(call?.input ?? '')).toMatchObject({ kind: 'Secret', stringData: { 'vscode-password': PASSWORD } });
    expect(call?.args.join(' ')).toContain(AGE_KEYS.slice(0, 2).map(({ recipient }) => recipient).join(',')); // prettier-ignore
    expect(call?.args).toEqual(expect.arrayContaining(['encrypt', '^(data|stringData)$', SECRET_FILE]));
    expect(JSON.stringify(call?.args)).not.toMatch(/hunter2|aHVudGVyM/);
    expect(textOf(folder, SECRET_FILE)).toContain('ENC[');
  });

  test.each([
    ['fails, and says the password', ECHO],
    ['prints what it got, in the clear', 'say(input);'],
    ['prints a second document in the clear', `${OUTPUT}\nsay('---\\n' + input);`],
    ['prints a comment in the clear', `${OUTPUT}\nsay('# ' + ${JSON.stringify(PASSWORD)} + '\\n');`],
    ['prints nothing', ''],
    ['prints what is no YAML', 'say("{[" + input);'],
  ])('writes nothing and shows no password when it %s', (_, body) => {
    const { folder: tools } = new StandIn(temporaryFolder(), 'sops', body);
    const folder = secretProject(secrets);
    const run = secretRun(args('set', folder, 'alice'), { input: PASSWORD }, tools);
    expect(run).toMatchObject({ status: 1, stdout: '' });
    expect(run.stderr).toMatch(/^dozlab: /);
    expect(run.stderr).not.toMatch(/hunter2|aHVudGVyM|^ +at /m);
    expect(pathsBelow(join(folder, 'secrets'))).toEqual([]);
  });
});
