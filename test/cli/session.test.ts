import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { dozlabRuns } from '../support/cli-runs';
import { contentsOf, pathsBelow } from '../support/folder';
import { HOSTILE_TEXTS } from '../support/hostile-texts';
import { NOW, runIn, runsIn, textIn } from '../support/lifecycle';
import { addFiles, cohort, project, projectWith, session, smallProject } from '../support/project';
import { errorsIn } from '../support/problems';

const ALICE = 'sessions/class/alice.yaml';
const CREATE = ['session', 'create', '--user', 'bob', '--lab', 'vm', '--now', NOW];
const ID = /^20300101-120000000-[a-z0-9]{6}$/;

const specIn = (folder: string, path = ALICE): unknown => {
  const content: unknown = parseDocument(textIn(folder, path)).toJS();
  return (content as { spec: unknown }).spec;
};

describe('dozlab session create', () => {
  test('writes one file, with all that is given, and says what comes next', () => {
    const folder = projectWith(smallProject({ 'schemas/session.json': '{}' }));
    const run = runIn(folder, ...CREATE, 'bob-1', '--ttl', '2h', '--set', 'firecracker.vm.memory=2048', '--set', 'labels["a.b/c"]=1.30', '--set', 'labels.x=yes'); // prettier-ignore
    expect(run).toMatchObject({ status: 0, stdout: 'new      sessions/class/bob-1.yaml\n' });
    expect(run.stderr).toContain('next: dozlab synth');
    expect(run.stderr).toContain('dozlab secret set class/bob-1');
    expect(textIn(folder, 'sessions/class/bob-1.yaml')).toBe(
      [
        '# yaml-language-server: $schema=../../schemas/session.json',
        'apiVersion: dozlab.io/v1alpha1',
        'kind: LabSession',
        'metadata:',
        '  name: bob-1',
        'spec:',
        '  userId: bob',
        '  lab: vm',
        '  expiresAt: "2030-01-01T14:00:00Z"',
        '  values:',
        '    firecracker:',
        '      vm:',
        '        memory: 2048',
        '    labels:',
        '      a.b/c: "1.30"',
        '      x: "yes"',
        '',
      ].join('\n'),
    );
    expect(errorsIn(folder)).toEqual([]);
  });

  test('makes ids that are valid, differ, and sort by time', () => {
    const folder = projectWith(smallProject());
    const runs = runsIn(folder, ...Array.from({ length: 20 }, () => [...CREATE, '-o', 'json']), [...CREATE, '--now', '2030-01-01T12:00:00.001Z', '-o', 'json'].filter((_, index) => index !== 6 && index !== 7)); // prettier-ignore
    const ids = runs.map(({ stdout }) => (JSON.parse(stdout) as { id: string }).id);
    expect(new Set(ids).size).toBe(21);
    expect(ids.slice(0, 20).filter((id) => !ID.test(id))).toEqual([]);
    expect([...ids].sort().at(-1)).toBe(ids.at(-1));
    expect(errorsIn(folder)).toEqual([]);
  });

  test('takes users of all kinds as they are', () => {
    const folder = projectWith(smallProject());
    const users = [...HOSTILE_TEXTS, "O'Neil", '"', '=1+1', '5', '007'];
    const runs = runsIn(folder, ...users.map((user, index) => ['session', 'create', `u-${String(index)}`, `--user=${user}`, '--lab', 'vm'])); // prettier-ignore
    expect(runs.filter(({ status }) => status !== 0)).toEqual([]);
    const found = users.map((_, index) => specIn(folder, `sessions/class/u-${String(index)}.yaml`));
    expect(found).toEqual(users.map((userId) => ({ userId, lab: 'vm' })));
    expect(errorsIn(folder)).toEqual([]);
  });

  test('asks for a cohort only where there are several', () => {
    const folder = projectWith(smallProject({ 'sessions/other/cohort.yaml': cohort('other') }));
    const [without, wrong, named] = runsIn(folder, CREATE, [...CREATE, '--cohort', 'othe'], [...CREATE, '--cohort', 'other']); // prettier-ignore
    expect(without).toMatchObject({ status: 1, stdout: '' });
    expect(without?.stderr).toContain('there are several cohorts. Fix: set --cohort to one of class, other');
    expect(wrong?.stderr).toContain('did you mean other?');
    expect(named?.status).toBe(0);
    const empty = projectWith({ 'dozlab.yaml': project() });
    expect(runIn(empty, ...CREATE).stderr).toContain('there is no cohort. Fix: dozlab cohort create NAME');
  });

  const BAD_USAGE: [string, string[], RegExp][] = [
    ['an id with capitals', ['Bob'], /the id is "Bob"; accepted: 1 to 51/],
    ['an id that leads elsewhere', ['../x'], /the id is "..\/x"/],
    ['an id that is too long', ['x'.repeat(52)], /accepted: 1 to 51/],
    ['the name of the cohort’s file', ['cohort'], /cohort.yaml is the file of the cohort/],
    ['no time', ['--ttl', '0s'], /--ttl is 0s/],
    ['a number as time', ['--ttl', '0'], /--ttl is "0"; accepted: a time such as 90m/],
    ['a negative time', ['--ttl=-1h'], /--ttl is "-1h"/],
    ['a date that is past', ['--until', '2030-01-01T11:59:59Z'], /which is past/],
    ['a date without a time', ['--until', '2031-01-01'], /--until is "2031-01-01"; accepted: a date and time/],
    ['both', ['--ttl', '1h', '--until', '2031-01-01T00:00:00Z'], /mutually exclusive/],
    ['a time twice', ['--ttl', '1h', '--ttl', '2h'], /--ttl is given more than once/],
    ['no user', ['--user', ''], /--user|user/],
    ['a lab that is no name', ['--lab', '../vm'], /--lab/],
    ['a value that is not known', ['--set', 'firecracker.vm.memroy=1'], /did you mean memory\?/],
    ['a password', ['--set', 'codeServer.password=hunter2-hunter2'], /is a secret/],
    ['--set without anything', ['--set'], /set/],
    ['--set without a value', ['--set', 'labels.x'], /takes path=value/],
    ['an option of another command', ['--prune'], /Unknown argument: prune/],
    ['two ids', ['one', 'two'], /Unknown argument/],
  ];

  const isGiven = (more: readonly string[], option: string) => more.includes(option);
  const refusing = projectWith(smallProject());
  const untouched = contentsOf(refusing);
  const refusals = runsIn(
    refusing,
    ...BAD_USAGE.map(([, more]) => [
      ...['session', 'create', '--now', NOW],
      ...(isGiven(more, '--user') ? [] : ['--user', 'bob']),
      ...(isGiven(more, '--lab') ? [] : ['--lab', 'vm']),
      ...more,
    ]),
  );

  test.each(BAD_USAGE.map(([name, , says], index) => [name, says, index] as const))('refuses %s', (_, says, index) => {
    expect(refusals[index]).toMatchObject({ status: 2, stdout: '' });
    expect(refusals[index]?.stderr).toMatch(says);
    expect(refusals[index]?.stderr).not.toContain('hunter2');
    expect(contentsOf(refusing)).toEqual(untouched);
  });

  const BAD_INPUT: [string, string[], RegExp][] = [
    ['an id that is there', ['alice'], /exists\. Fix: use dozlab session edit/],
    ['a lab that is not there', ['x', '--set', 'rootfs.diskSize=4G'], /labs\/none.yaml/],
    ['values that do not go together', ['x', '--set', 'firecracker.resources.limits.memory=1Mi'], /x.yaml:\d+:\d+ .*memory/], // prettier-ignore
  ];

  const failing = projectWith(smallProject());
  const before = contentsOf(failing);
  const failures = runsIn(
    failing,
    ...BAD_INPUT.map(([name, more]) => [
      ...['session', 'create', '--user', 'bob', '--lab', name.startsWith('a lab') ? 'none' : 'vm'],
      ...more,
    ]),
  );

  test.each(BAD_INPUT.map(([name, , says], index) => [name, says, index] as const))(
    'writes nothing with %s',
    (_, says, index) => {
      expect(failures[index]).toMatchObject({ status: 1, stdout: '' });
      expect(failures[index]?.stderr).toMatch(says);
      expect(contentsOf(failing)).toEqual(before);
    },
  );

  test('does not mind what is wrong elsewhere, but tells what a quota has no room for', () => {
    const folder = projectWith(smallProject({ 'sessions/class/cohort.yaml': cohort('class', { maxSessions: 1 }), 'sessions/class/zoe.yaml': 'spec: [\n' })); // prettier-ignore
    const run = runIn(folder, ...CREATE, 'bob');
    expect(run.status).toBe(0);
    expect(run.stderr).toContain('over-quota');
    expect(run.stderr).not.toContain('zoe');
  });

  test('a dry run writes nothing', () => {
    const folder = projectWith(smallProject());
    const before = contentsOf(folder);
    const [text, json] = runsIn(folder, [...CREATE, 'x', '--dry-run'], [...CREATE, 'x', '--dry-run', '-o', 'json']);
    expect(text).toMatchObject({ status: 0, stdout: 'new      sessions/class/x.yaml\n' });
    expect(JSON.parse(json?.stdout ?? '')).toMatchObject({
      dryRun: true,
      cohort: 'class',
      id: 'x',
      files: [{ path: 'sessions/class/x.yaml', change: 'new' }],
    });
    expect(contentsOf(folder)).toEqual(before);
  });

  test('does not write through a link', () => {
    const folder = projectWith(smallProject());
    mkdirSync(join(folder, 'elsewhere'));
    writeFileSync(join(folder, 'elsewhere/cohort.yaml'), textIn(folder, 'sessions/class/cohort.yaml').replace('class', 'linked')); // prettier-ignore
    symlinkSync('../elsewhere', join(folder, 'sessions/linked'));
    const run = runIn(folder, ...CREATE, 'bob', '--cohort', 'linked');
    expect(run.status).toBe(1);
    expect(run.stderr).toContain('is a symbolic link');
    expect(pathsBelow(join(folder, 'elsewhere'))).toEqual(['cohort.yaml']);
  });
});

const HAND_EDITED = `# Alice's session
apiVersion: dozlab.io/v1alpha1
kind: LabSession
metadata: { name: alice } # flow
spec:
  lab: 'vm' # the lab
  # who
  userId: "alice"
  values:
    # for the exam
    labels: { x: y }
    firecracker:
      vm:
        memory: 2048 # enough
# the end
`;

describe('edits of a file that was edited by hand', () => {
  const EDITS: [string, string[], string, string][] = [
    ['suspend', ['suspend', '--yes'], '  userId: "alice"\n', '  userId: "alice"\n  suspended: true\n'],
    ['resume', ['resume'], '  userId: "alice"\n', '  userId: "alice"\n  suspended: false\n'],
    ['extend', ['extend', '--ttl', '90m', '--now', NOW], '  userId: "alice"\n', '  userId: "alice"\n  expiresAt: "2030-01-01T13:30:00Z"\n'], // prettier-ignore
    ['edit --user', ['edit', '--yes', '--user', 'zoe "z"'], '"alice"\n', '"zoe \\"z\\""\n'],
    ['edit --set', ['edit', '--yes', '--set', 'firecracker.vm.memory=4096'], '2048', '4096'],
    ['edit --set in brackets', ['edit', '--set', 'labels["a.b/c"]=1'], '{ x: y }', '{ x: y, a.b/c: "1" }'],
    ['edit --set of what is not there', ['edit', '--yes', '--set', 'firecracker.vm.cpuCount=2'], '# enough\n', '# enough\n        cpuCount: 2\n'], // prettier-ignore
    ['edit --unset', ['edit', '--unset', 'labels.x'], '    labels: { x: y }\n', ''],
    ['edit --unset with a comment', ['edit', '--yes', '--unset', 'firecracker.vm.memory'], '    firecracker:\n      vm:\n        memory: 2048 # enough\n', '    # enough\n'], // prettier-ignore
  ];
  const ALL = ['--yes', '--user', 'zoe', '--set', 'labels.x=z', '--set', 'labels.z=1', '--unset', 'firecracker.vm.memory', '--until', '2031-01-01T00:00:00Z', '--now', NOW]; // prettier-ignore
  const commandLines = [...EDITS.map(([, args]) => args), ['edit', ...ALL]];
  const folders = commandLines.map(() => projectWith(smallProject({ [ALICE]: HAND_EDITED })));
  const runs = dozlabRuns(
    commandLines.map(([action = '', ...rest], index) => ['session', action, 'alice', ...rest, '--project', folders[index] ?? '']), // prettier-ignore
  );
  const edited = (index: number): string => {
    expect(runs[index]).toMatchObject({ status: 0, stdout: `changed  ${ALICE}\n` });
    expect(runs[index]?.stderr).toContain('next: dozlab synth');
    expect(errorsIn(folders[index] ?? '')).toEqual([]);
    return textIn(folders[index] ?? '', ALICE);
  };

  test.each(EDITS.map(([name, , there, then], index) => [name, there, then, index] as const))(
    '%s',
    (_, there, then, index) => {
      expect(edited(index)).toBe(HAND_EDITED.replace(there, then));
    },
  );

  test('several at once', () => {
    const text = edited(EDITS.length);
    expect(text).toContain('  userId: "zoe"\n  expiresAt: "2031-01-01T00:00:00Z"\n');
    expect(text).toContain('labels: { x: z, z: "1" }\n');
  });

  test.each(['\r\n', '\n'])('keeps line ends %j', (end) => {
    const folder = projectWith(smallProject({ [ALICE]: HAND_EDITED.replaceAll('\n', end) }));
    runIn(folder, 'session', 'suspend', 'alice', '--yes');
    const wanted = HAND_EDITED.replace('  userId: "alice"\n', '  userId: "alice"\n  suspended: true\n');
    expect(textIn(folder, ALICE)).toBe(wanted.replaceAll('\n', end));
  });

  test('nothing is written when the file says so already', () => {
    const folder = projectWith(smallProject({ [ALICE]: session('alice', { suspended: true }) }));
    const before = contentsOf(folder);
    const runs = runsIn(folder, ['session', 'suspend', 'alice'], ['session', 'edit', 'alice', '--lab', 'vm'], ['session', 'edit', 'alice', '--unset', 'labels.x']); // prettier-ignore
    for (const run of runs) {
      expect(run).toMatchObject({ status: 0, stdout: '' });
      expect(run.stderr).toContain('nothing to do');
    }
    expect(contentsOf(folder)).toEqual(before);
  });

  test('an anchor in the way is left to be edited by hand', () => {
    const text = HAND_EDITED.replace('{ x: y }', '&l { x: y }').replace('    firecracker', '    podLabels: *l\n    firecracker'); // prettier-ignore
    const folder = projectWith(smallProject({ [ALICE]: text }));
    const run = runIn(folder, 'session', 'edit', 'alice', '--set', 'labels.x=z');
    expect(run.status).toBe(1);
    expect(run.stderr).toContain('edit it by hand');
    expect(textIn(folder, ALICE)).toBe(text);
  });

  test('resuming keeps the key, and suspending prints what is lost', () => {
    const folder = projectWith(smallProject({ [ALICE]: session('alice', { suspended: true }) }));
    runIn(folder, 'session', 'resume', 'alice');
    expect(specIn(folder)).toMatchObject({ suspended: false });
    expect(runIn(folder, 'session', 'suspend', 'alice', '--yes').stderr).toContain(
      '1 session stops; 1 session loses data: ',
    );
  });
});

describe('dozlab session extend', () => {
  const until = (expiresAt: string) => projectWith(smallProject({ [ALICE]: session('alice', { expiresAt }) }));

  test('counts from the present end, or from now if that is past', () => {
    const [later, past] = ['2030-01-01T18:00:00+01:00', '2029-01-01T00:00:00Z'].map((end) => {
      const folder = until(end);
      expect(runIn(folder, 'session', 'extend', 'alice', '--ttl', '1d', '--now', NOW).status).toBe(0);
      return specIn(folder);
    });
    expect(later).toMatchObject({ expiresAt: '2030-01-02T17:00:00Z' });
    expect(past).toMatchObject({ expiresAt: '2030-01-02T12:00:00Z' });
  });

  test('does not guess where the present end is no time', () => {
    const folder = projectWith({
      ...smallProject(),
      [ALICE]: session('alice', { expiresAt: '2031-01-01' }),
    });
    const [longer, all, mended] = runsIn(
      folder,
      ['session', 'extend', 'alice', '--ttl', '1h', '--now', NOW],
      ['cohort', 'extend', 'class', '--ttl', '1h', '--now', NOW],
      ['session', 'extend', 'alice', '--until', '2031-01-01T00:00:00Z', '--now', NOW],
    );
    for (const refused of [longer, all])
      expect(`${String(refused?.status)} ${refused?.stderr ?? ''}`).toContain(`1 dozlab: ${ALICE} has an expiresAt`);
    expect(mended?.status).toBe(0);
    expect(textIn(folder, ALICE)).toContain('2031-01-01T00:00:00Z');
  });

  test('does not let a session end sooner', () => {
    const folder = until('2031-01-01T00:00:00Z');
    const [sooner, neither, edit] = runsIn(
      folder,
      ['session', 'extend', 'alice', '--until', '2030-06-01T00:00:00Z', '--now', NOW],
      ['session', 'extend', 'alice'],
      ['session', 'edit', 'alice', '--until', '2030-06-01T00:00:00Z', '--now', NOW],
    );
    expect(sooner).toMatchObject({ status: 2, stdout: '' });
    expect(sooner?.stderr).toContain('dozlab session edit --until');
    expect(neither).toMatchObject({ status: 2, stdout: '' });
    expect(edit?.status).toBe(0);
    expect(specIn(folder)).toMatchObject({ expiresAt: '2030-06-01T00:00:00Z' });
  });
});

describe('which session is meant', () => {
  const folder = projectWith(
    smallProject({
      'sessions/other/cohort.yaml': cohort('other'),
      'sessions/other/alice.yaml': session('alice', { userId: 'zoe' }),
      'sessions/other/broken.yaml': 'spec: [\n',
    }),
  );
  const [several, byName, byOption, none, deep, broken] = runsIn(
    folder,
    ['session', 'show', 'alice'],
    ['session', 'show', 'other/alice'],
    ['session', 'show', 'alice', '--cohort', 'class'],
    ['session', 'show', 'alic'],
    ['session', 'show', 'x/other/alice'],
    ['session', 'suspend', 'broken'],
  );

  test('an id in two cohorts needs the name of the cohort', () => {
    expect(several).toMatchObject({ status: 1, stdout: '' });
    expect(several?.stderr).toContain('Fix: use one of class/alice, other/alice');
    expect(byName?.stdout).toContain('zoe');
    expect(byOption?.stdout).not.toContain('zoe');
  });

  test('a missing name is reported, with a suggestion', () => {
    expect(none?.stderr).toContain('did you mean alice?');
    expect(deep?.status).toBe(1);
    expect(broken).toMatchObject({ status: 1, stdout: '' });
    expect(broken?.stderr).toContain('cannot be read. Fix: see dozlab validate');
  });

  test('a broken file can be ended all the same', () => {
    expect(runIn(folder, 'session', 'end', 'broken', '--yes')).toMatchObject({
      status: 0,
      stdout: 'removed  sessions/other/broken.yaml\n',
    });
  });
});

test('dozlab session end removes the session and its password, and nothing else', () => {
  const folder = projectWith(smallProject());
  addFiles(folder, { 'secrets/class/alice.yaml': 'a: b\n', 'secrets/class/bob.yaml': 'a: b\n' });
  const before = pathsBelow(folder);
  const [dry, run] = runsIn(folder, ['session', 'end', 'alice', '--dry-run'], ['session', 'end', 'alice', '--yes']);
  expect(run?.stdout).toBe('removed  sessions/class/alice.yaml\nremoved  secrets/class/alice.yaml\n');
  expect(dry?.stdout).toBe(run?.stdout);
  expect(dry?.stderr).not.toContain('next:');
  expect(pathsBelow(folder)).toEqual(before.filter((path) => !path.endsWith('/alice.yaml')));
});

describe('dozlab session list and show', () => {
  const folder = projectWith(
    smallProject({
      [ALICE]: session('alice', { expiresAt: '2030-01-01T13:00:00Z', values: { codeServer: { extraEnv: [{ name: 'X', value: 'hunter2' }] }, labels: { 'a.b/c': 'd' } } }), // prettier-ignore
      'sessions/class/bob.yaml': session('bob', { userId: 'bob', suspended: true }),
      'sessions/class/carol.yaml': session('carol', { expiresAt: '2030-01-01T12:00:00Z' }),
      'sessions/class/dave.yaml': session('dave', { labb: 'vm' }),
    }),
  );
  const [list, json, ofBob, show, showJson, broken] = runsIn(
    folder,
    ['session', 'list', '--now', NOW],
    ['session', 'list', '--now', NOW, '-o', 'json'],
    ['session', 'list', '--user', 'bob', '--now', NOW, '-o', 'json'],
    ['session', 'show', 'alice', '--now', NOW],
    ['session', 'show', 'alice', '--now', NOW, '-o', 'json'],
    ['session', 'show', 'dave', '--now', NOW],
  );

  test('list tells user, lab, end and state', () => {
    expect(list?.stdout).toMatchInlineSnapshot(`
     "COHORT   SESSION   USER    LAB   EXPIRES                STATE
     class    alice     alice   vm    2030-01-01T13:00:00Z   active
     class    bob       bob     vm                           suspended
     class    carol     alice   vm    2030-01-01T12:00:00Z   expired
     class    dave      alice   vm                           not valid
     "
    `);
    const states = (JSON.parse(json?.stdout ?? '') as { id: string; state: string }[]).map(({ id, state }) => [
      id,
      state,
    ]);
    expect(states).toEqual([['alice', 'active'], ['bob', 'suspended'], ['carol', 'expired'], ['dave', 'not valid']]); // prettier-ignore
    expect(JSON.parse(ofBob?.stdout ?? '')).toHaveLength(1);
  });

  test('show tells values, but none that may be secret', () => {
    expect(show?.stdout).toContain('2030-01-01T13:00:00Z (in 1h)');
    expect(show?.stdout).toContain('labels["a.b/c"]: "d"');
    expect(show?.stdout).toContain('codeServer.extraEnv: "(not shown)"');
    expect(JSON.parse(showJson?.stdout ?? '')).toMatchObject({ values: { 'labels["a.b/c"]': 'd' } });
    for (const run of [show, showJson]) expect(`${run?.stdout ?? ''}${run?.stderr ?? ''}`).not.toContain('hunter2');
    expect(broken?.status).toBe(1);
    expect(broken?.stderr).toContain('did you mean lab?');
  });
});

test('the byte order mark and the rights of a file stay', () => {
  const folder = projectWith(smallProject());
  const text = `\ufeff${textIn(folder, ALICE)}`;
  writeFileSync(join(folder, ALICE), text);
  chmodSync(join(folder, ALICE), 0o640);
  expect(runIn(folder, 'session', 'suspend', 'alice', '--yes').status).toBe(0);
  expect(textIn(folder, ALICE)).toBe(`${text.trimEnd()}\n  suspended: true\n`);
  expect(statSync(join(folder, ALICE)).mode & 0o777).toBe(0o640);
});

test('where one file cannot be written, none is', () => {
  const folder = projectWith(smallProject());
  const before = contentsOf(folder);
  // A folder where the file goes: nobody can write that, root neither.
  mkdirSync(join(folder, 'sessions/class/blocked.yaml'));
  const run = runIn(folder, 'session', 'create', 'blocked', '--user', 'b', '--lab', 'vm');
  expect(run.status).toBe(1);
  expect(contentsOf(folder)).toEqual(before);
  chmodSync(join(folder, 'sessions/class'), 0o555);
  const readOnly = runIn(folder, 'session', 'suspend', 'alice', '--yes');
  chmodSync(join(folder, 'sessions/class'), 0o755);
  // Root may write there all the same.
  expect(readOnly.status === 0 || readFileSync(join(folder, ALICE), 'utf8') === before.get(ALICE)).toBe(true);
});
