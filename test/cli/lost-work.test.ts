import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { contentsOf } from '../support/folder';
import { git, repositoryWith, stateOf } from '../support/git';
import { NOW, runIn, runsIn } from '../support/lifecycle';
import { cohort, projectWith, session, smallProject, type Files } from '../support/project';

jest.setTimeout(120_000);

const ALL = 'root file system of the microVM, workspace, VS Code settings and home';
const KEPT = { volumes: { vmData: { persistence: { enabled: true } } } };

const files: Files = {
  'sessions/class/bob.yaml': session('bob', { userId: 'bob', values: KEPT }),
  'sessions/class/carol.yaml': session('carol', { userId: 'carol', suspended: true }),
  'sessions/class/dave.yaml': session('dave', { userId: 'dave', expiresAt: '2030-01-01T00:00:00Z', values: { firecracker: { vm: { memory: 4096 } } } }), // prettier-ignore
};

interface Effect {
  readonly restart: string[];
  readonly stop: string[];
  readonly start: string[];
  readonly end: string[];
  readonly loseData: string[];
  readonly lost: string[];
  readonly kept: string[];
}

const MEMORY = ['--set', 'firecracker.vm.memory=4096'];

/** Commands that end work, and what they print about it. */
const LOSSES: readonly (readonly [readonly string[], string, Partial<Effect>])[] = [
  [['cohort', 'create', 'class', ...MEMORY], `2 sessions restart; 2 sessions lose data: ${ALL}; claims keep: workspace`, { restart: ['class/alice', 'class/bob'], loseData: ['class/alice', 'class/bob'], kept: ['workspace'] }], // prettier-ignore
  [['session', 'edit', 'alice', ...MEMORY], `1 session restarts; 1 session loses data: ${ALL}`, { restart: ['class/alice'] }], // prettier-ignore
  [['session', 'edit', 'bob', '--unset', 'volumes'], `1 session restarts; 1 session loses data: ${ALL}`, { loseData: ['class/bob'] }], // prettier-ignore
  [['session', 'suspend', 'alice'], `1 session stops; 1 session loses data: ${ALL}`, { stop: ['class/alice'] }],
  [['session', 'end', 'alice'], `1 session ends; 1 session loses data: ${ALL}`, { end: ['class/alice'] }],
  [['cohort', 'end', 'class'], `4 sessions end; 3 sessions lose data: ${ALL}`, { end: ['class/alice', 'class/bob', 'class/carol', 'class/dave'] }], // prettier-ignore
  [['expire', '--now', NOW], `1 session ends; 1 session loses data: ${ALL}`, { end: ['class/dave'] }],
];

const HARMLESS: readonly (readonly [readonly string[], string])[] = [
  [['cohort', 'create', 'class', '--set', 'labels.course=x'], 'no session restarts or ends, and no data is lost'],
  [['session', 'create', 'eve', '--user', 'eve', '--lab', 'vm'], 'no session restarts or ends, and no data is lost'],
  [['session', 'extend', 'alice', '--ttl', '1h'], 'no session restarts or ends, and no data is lost'],
  [['cohort', 'extend', 'class', '--ttl', '1h', '--now', NOW], 'no session restarts or ends, and no data is lost'],
  [['session', 'edit', 'dave', '--until', '2029-12-31T00:00:00Z', '--now', '2029-01-01T00:00:00Z'], '1 session expires earlier; no data is lost'], // prettier-ignore
  [['session', 'resume', 'carol'], '1 session starts; no data is lost'],
  [['session', 'end', 'carol'], '1 session ends; no data is lost'],
];

test.each(LOSSES)('dozlab %s prints what sessions lose, and writes only with --yes', (args, text, effect) => {
  const folder = projectWith(smallProject(files));
  const before = contentsOf(folder);
  const [refused, dry, json] = runsIn(folder, args, [...args, '--dry-run'], [...args, '--dry-run', '-o', 'json']);
  expect(refused).toMatchObject({ status: 2, stdout: '' });
  expect(refused?.stderr).toContain(`${text}; nothing was written. Fix: add --yes`);
  expect(dry).toMatchObject({ status: 0 });
  expect(dry?.stderr).toContain(`\n${text}\n`);
  expect((JSON.parse(json?.stdout ?? '') as { effect: Effect }).effect).toMatchObject(effect);
  expect(contentsOf(folder)).toEqual(before);
  const done = runIn(folder, ...args, '--yes');
  expect(done).toMatchObject({ status: 0 });
  expect(done.stderr).toContain(`\n${text}\n`);
  expect(contentsOf(folder)).not.toEqual(before);
});

test.each(HARMLESS)('dozlab %s needs no --yes', (args, text) => {
  const run = runIn(projectWith(smallProject(files)), ...args);
  expect(run).toMatchObject({ status: 0 });
  expect(run.stderr).toContain(`\n${text}\n`);
});

test('a roster that changes a value of the cohort counts the sessions that change', () => {
  const folder = projectWith(smallProject(files));
  const roster = join(folder, 'roster.csv');
  writeFileSync(roster, 'user,id\nalice,alice\nbob,bob\ncarol,carol\ndave,dave\n');
  const [all, without] = runsIn(
    folder,
    ['cohort', 'create', 'class', '--from', roster, ...MEMORY, '--dry-run'],
    ['cohort', 'create', 'class', ...MEMORY, '--dry-run', '-o', 'json'],
  );
  expect(all?.stderr).toContain('cohort class: values.firecracker.vm.memory, 0 new, 3 changed, 1 unchanged');
  expect(all?.stdout).toMatch(/^changed +alice +alice +values\.firecracker\.vm\.memory$/m);
  expect(JSON.parse(without?.stdout ?? '')).toMatchObject({
    changed: [{ id: 'alice' }, { id: 'bob' }, { id: 'carol' }],
    unchanged: 1,
  });
});

test('the commit message says what is lost, and has no text of users', () => {
  const { root, folder } = repositoryWith({ ...files, 'sessions/other/cohort.yaml': cohort('other') });
  const before = stateOf(root);
  expect(runIn(folder, 'cohort', 'create', 'class', ...MEMORY, '--commit')).toMatchObject({ status: 2 });
  expect(stateOf(root)).toEqual(before);
  const [changed, created] = runsIn(
    folder,
    ['cohort', 'create', 'class', ...MEMORY, '--commit', '--yes'],
    [
      'session',
      'create',
      's1',
      '--cohort',
      'class',
      '--user',
      '@octocat closes #1 [skip ci]',
      '--lab',
      'vm',
      '--commit',
    ],
  );
  for (const run of [changed, created]) expect(run).toMatchObject({ status: 0 });
  expect(git(root, 'log', '-2', '--format=%B').trimEnd().split('\n')).toEqual([
    'session class/s1, lab vm',
    '',
    'no session restarts or ends, and no data is lost',
    '',
    'cohort class: values.firecracker.vm.memory, 0 new, 3 changed, 1 unchanged',
    '',
    `2 sessions restart; 2 sessions lose data: ${ALL}; claims keep: workspace`,
  ]);
});

test.each([
  [['cohort', 'create', 'new', '--lab', 'vm'], '--lab works only with --from'],
  [['cohort', 'create', 'new', '--ttl', '1h'], '--ttl works only with --from'],
  [['cohort', 'create', 'new', '--until', '2031-01-01T00:00:00Z'], '--until works only with --from'],
  [['cohort', 'create', 'new', '--prune'], '--prune works only with --from'],
  [['session', 'show', 'class/alice', '--cohort', 'other'], 'class/alice is not in the cohort of --cohort'],
  [['session', 'end', 'class/alice', '--cohort', 'other'], 'class/alice is not in the cohort of --cohort'],
  [['status', 'class/alice', '--cohort', 'other'], 'class/alice is not in the cohort of --cohort'],
])('dozlab %s is bad usage, because the option would have no effect', (args, message) => {
  const folder = projectWith(smallProject({ 'sessions/other/cohort.yaml': cohort('other') }));
  const before = contentsOf(folder);
  const run = runIn(folder, ...args);
  expect(run).toMatchObject({ status: 2, stdout: '' });
  expect(run.stderr).toContain(message);
  expect(contentsOf(folder)).toEqual(before);
});

test('an end that no new session gets is mentioned', () => {
  const folder = projectWith(smallProject());
  const roster = join(folder, 'roster.csv');
  writeFileSync(roster, 'user,id\nalice,alice\n');
  const run = runIn(folder, 'cohort', 'create', 'class', '--from', roster, '--ttl', '1h');
  expect(run).toMatchObject({ status: 0 });
  expect(run.stderr).toContain('no session is new, so --ttl has no effect');
});
