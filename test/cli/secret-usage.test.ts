import { join } from 'node:path';
import { contentsOf } from '../support/folder';
import { addFiles, cohort, projectWith, session } from '../support/project';
import { SEALED, SECRET_FILE, SESSION_FILE, sealedText, secretProject } from '../support/secret-project';
import { secretRuns } from '../support/secret-runs';
import { PRIVATE_KEY } from '../support/test-keys';

const PLANTED = 'hunter2-hunter2';
const sealed = (name: string) => sealedText('sealed-password', { name: `lab-session-${name}-secrets`, session: name });
const folder = secretProject(SEALED, {
  [SECRET_FILE]: sealed('alice'),
  'sessions/class/bob.yaml': session('bob'),
  'sessions/other/cohort.yaml': cohort('other', { secrets: { provider: 'existing' } }),
  'sessions/other/bob.yaml': session('bob'),
  'sessions/class/broken.yaml': 'kind: LabSession\nspec: [\n',
  'sessions/class/flawed.yaml': session('flawed', { lab: 'vn' }),
  'key.pem': PRIVATE_KEY,
});
const before = contentsOf(folder);

/** Wrong command lines, and their errors. */
const WRONG: readonly (readonly [args: readonly string[], says: string])[] = [
  [[], 'Not enough'],
  [['sett'], '"set", "rotate", "status", "reveal"'],
  [['set', 'alice', '--all'], '--all goes with rotate'],
  [['set', 'alice', '--yes'], '--yes goes with rotate'],
  [['rotate'], 'rotate takes the name of a session, or --all'],
  [['rotate', '--cohort', 'class'], 'rotate takes the name of a session, or --all'],
  [['rotate', 'alice', '--all'], '--all goes with rotate, without a session'],
  [['status', '--all'], '--all goes with rotate'],
  [['reveal'], 'reveal takes the name of a session'],
  [['reveal', '--cohort', 'class'], 'reveal takes the name of a session'],
  [['set', 'alice', '--private-key', 'key.pem'], '--private-key goes with reveal'],
  [
    ['reveal', 'bob', '--cohort', 'class', '--private-key', 'key.pem'],
    '--private-key opens files of sealed-secrets, and this session has none. Fix: leave the option out',
  ],
  [['reveal', 'alice', '-o', 'json'], '--output goes with status'],
  [['status', '-o', 'yaml'], '"text", "json"'],
  [['status', '--cohort'], 'cohort'],
  [['status', '--cohort', 'class', '--cohort', 'other'], '--cohort is given more than once'],
  [['set', 'alice', '--context'], 'context'],
];

/** Passwords in wrong places. */
const MISPLACED: readonly (readonly string[])[] = [
  ['set', 'alice', PLANTED],
  ['set', 'alice', `--password=${PLANTED}`],
  ['set', 'alice', '--password', PLANTED],
  ['set', 'alice', '-p', PLANTED],
  ['set', 'alice', `--${PLANTED}`],
  ['set', 'alice', '--', PLANTED],
  ['rotate', 'alice', PLANTED],
];

/** Wrong input, and its error. */
const INPUT: readonly (readonly [args: readonly string[], says: RegExp])[] = [
  [['set', 'bob'], /bob is in several cohorts. Fix: use one of class\/bob, other\/bob/],
  [['set', 'alise'], /there is no session alise; did you mean alice\?/],
  [['reveal', 'class/alise'], /there is no session class\/alise; did you mean class\/alice\?/],
  [['rotate', 'nothing-at-all'], /there is no session .*\. Fix: use the name of a session/],
  [['set', 'broken'], /^sessions\/class\/broken\.yaml:\d+:\d+ error [\s\S]*1 error: nothing was done/],
  [['rotate', 'class/broken'], /^sessions\/class\/broken\.yaml:\d+:\d+ error /],
  [['set', 'flawed'], /^sessions\/class\/flawed\.yaml:7:8 error spec\.lab is "vn"/],
  [['set', 'alice', '--cohort', 'other'], /there is no session alice/],
  [['status', '--cohort', 'none'], /cohort none/],
  [['set', ''], /there is no session/],
  [['set', '__proto__'], /there is no session/],
  [['set', '../class/alice'], /there is no session/],
  [['set', 'other/bob'], /kubectl is needed .*not on the PATH/],
  [['reveal', 'alice'], /kubectl is needed to read a Secret, and is not on the PATH/],
];

const lines = [...WRONG.map(([args]) => args), ...MISPLACED, ...INPUT.map(([args]) => args)];
const runs = secretRuns(lines.map((args) => ({ args: ['secret', ...args], input: PLANTED, cwd: folder })));
const wrong = runs.slice(0, WRONG.length);
const misplaced = runs.slice(WRONG.length, WRONG.length + MISPLACED.length);
const input = runs.slice(WRONG.length + MISPLACED.length);

test.each(WRONG.map(([args, says], index) => [args, says, wrong[index]] as const))(
  'dozlab secret %j is bad usage',
  (_, says, run) => {
    expect(run).toMatchObject({ status: 2, stdout: '' });
    expect(run?.stderr).toMatch(/^dozlab: /);
    expect(run?.stderr).toContain(says);
    expect(run?.stderr).toMatch(/^dozlab .*--help shows the usage$/m);
    expect(run?.stderr).not.toContain('hunter2');
  },
);

test.each(MISPLACED.map((args, index) => [args, misplaced[index]] as const))(
  'dozlab secret %j is bad usage, and the error shows no password',
  (_, run) => {
    expect(run).toMatchObject({ status: 2, stdout: '' });
    expect(run?.stderr).not.toContain('hunter2');
  },
);

test.each(INPUT.map(([args, says], index) => [args, says, input[index]] as const))(
  'dozlab secret %j is bad input',
  (_, says, run) => {
    expect(run).toMatchObject({ status: 1, stdout: '' });
    expect(run?.stderr).toMatch(says);
    expect(run?.stderr).not.toMatch(/hunter2|^ +at /m);
  },
);

test('none of these changes a file', () => {
  expect(contentsOf(folder)).toEqual(before);
});

describe('a project with errors', () => {
  const status = (place: string) => ({ args: ['secret', 'status', '--project', place] });
  const set = (place: string) => ({ args: ['secret', 'set', '--project', place] });
  const rotate = (place: string) => ({ args: ['secret', 'rotate', '--all', '--project', place] });

  test('is reported: a folder without a project', () => {
    const empty = projectWith({ 'x.txt': '' });
    for (const run of secretRuns([status(empty), set(empty), status(join(empty, 'none')), status(join(empty, 'x.txt'))]))
      expect(run).toMatchObject({ status: 1, stdout: '', stderr: expect.stringMatching(/^dozlab: there is no /) as string }); // prettier-ignore
  });

  test('set and rotate report a session with errors', () => {
    const flawed = { [SESSION_FILE]: session('alice', { lab: 'vn' }), 'sessions/class/bob.yaml': session('bob') };
    const place = secretProject(SEALED, flawed);
    for (const run of secretRuns([set(place), rotate(place)])) expect(run.stderr).toContain(SESSION_FILE);
  });

  test('set reports the file of the cohort with errors', () => {
    const place = secretProject(SEALED, { 'sessions/class/cohort.yaml': 'kind: Cohort\nspec: [\n' });
    const [run] = secretRuns([{ args: ['secret', 'set', 'alice', '--project', place] }]);
    expect(run?.status).toBe(1);
    expect(run?.stderr).toContain('sessions/class/cohort.yaml');
  });

  test('set does not say that every session has a password', () => {
    const place = secretProject(SEALED);
    addFiles(place, { 'dozlab.yaml': 'kind: Project\nspec: [\n' });
    const [run] = secretRuns([set(place)]);
    expect(run?.stderr).not.toContain('every session has a password');
    expect(run?.status).toBe(1);
  });

  test('rotate does not take the session of another cohort instead', () => {
    const twice = { 'sessions/more/cohort.yaml': cohort('more'), 'sessions/more/alice.yaml': session('alice', { lab: 'vn' }) }; // prettier-ignore
    const place = secretProject(SEALED, twice);
    const [run] = secretRuns([{ args: ['secret', 'rotate', 'alice', '--project', place] }]);
    expect(run?.status).toBe(1);
  });
});
