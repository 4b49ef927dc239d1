import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, lstatSync, mkdirSync, readdirSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { at } from '@dozlab/charts/schema';
import { REPOSITORY } from '../support/cli';
import { contentsOf, pathsBelow } from '../support/folder';
import { cohort, projectWith, session, temporaryFolder } from '../support/project';
import {
  SEALED,
  SECRET_FILE,
  SESSION_FILE,
  fileProblems,
  sealedText,
  secretProject,
  textOf,
} from '../support/secret-project';
import { secretRun, secretRuns } from '../support/secret-runs';

const PLANTED = 'hunter2-hunter2';
const args = (action: string, folder: string, ...more: string[]) => ['secret', action, ...more, '--project', folder];
const set = (folder: string, input = PLANTED) => secretRun(args('set', folder, 'alice'), { input });

describe('dozlab secret with a link or folder at its file', () => {
  test.each([
    ['secrets is a link out of the project', 'secrets'],
    ['secrets/<cohort> is a link out of the project', 'secrets/class'],
  ])('writes nothing outside the project: %s', (_, place) => {
    const folder = secretProject(SEALED);
    const elsewhere = temporaryFolder();
    if (place.includes('/')) mkdirSync(join(folder, 'secrets'));
    symlinkSync(elsewhere, join(folder, place));
    const run = set(folder);
    expect(pathsBelow(elsewhere)).toEqual([]);
    expect(run.status).toBe(1);
    expect(run.stderr).toContain('link');
  });

  test('replaces a link at the file and leaves its target unchanged', () => {
    const elsewhere = projectWith({ 'mine.yaml': 'mine' });
    const folder = secretProject(SEALED, { 'secrets/class/x.txt': '' });
    symlinkSync(join(elsewhere, 'mine.yaml'), join(folder, SECRET_FILE));
    set(folder);
    expect(textOf(elsewhere, 'mine.yaml')).toBe('mine');
  });

  test('changes the target of a session file that is a link, and keeps the link', () => {
    const folder = secretProject({ provider: 'external-secrets' });
    renameSync(join(folder, SESSION_FILE), join(folder, 'shared.yaml'));
    symlinkSync('../../shared.yaml', join(folder, SESSION_FILE));
    const run = secretRun(args('rotate', folder, 'alice', '--yes'));
    const isLink = lstatSync(join(folder, SESSION_FILE)).isSymbolicLink();
    // The command refuses, or changes the target. It never replaces the link.
    expect(isLink).toBe(true);
    expect([run.status, textOf(folder, 'shared.yaml').includes('secretGeneration: 2')]).toEqual(
      run.status === 0 ? [0, true] : [1, false],
    );
  });

  test('reports a folder at the file, and leaves no temporary file', () => {
    const folder = secretProject(SEALED, { [`${SECRET_FILE}/x.txt`]: 'mine' });
    const run = set(folder);
    expect(run).toMatchObject({ status: 1, stdout: '' });
    expect(run.stderr).toMatch(/^dozlab: .*secrets\/class\/alice\.yaml/);
    expect(readdirSync(join(folder, 'secrets/class'))).toEqual(['alice.yaml']);
    expect(textOf(folder, `${SECRET_FILE}/x.txt`)).toBe('mine');
  });

  test.each(['secrets', 'secrets/class'])('reports a file at the folder %s', (place) => {
    const folder = secretProject(SEALED, { [place]: 'mine' });
    const run = set(folder);
    expect(run).toMatchObject({ status: 1, stdout: '' });
    expect(run.stderr).toMatch(/^dozlab: .*secrets\/class/);
    expect(textOf(folder, place)).toBe('mine');
  });
});

describe('an unreadable file in secrets/', () => {
  test.each([
    ['malformed', `${sealedText(PLANTED)}<<<<<<< HEAD\n`],
    ['of several documents', `${sealedText(PLANTED)}---\n${sealedText(PLANTED)}`],
    ['too large', `# ${'x'.repeat(1024 * 1024)}\n${sealedText(PLANTED)}`],
  ])('is not replaced by a made password: %s', (_, content) => {
    const folder = secretProject(SEALED, { [SECRET_FILE]: content });
    const runs = secretRuns([
      { args: args('set', folder) },
      { args: args('set', folder, 'alice') },
      { args: args('status', folder, '-o', 'json') },
    ]);
    expect(textOf(folder, SECRET_FILE) === content).toBe(true);
    expect(runs[1]?.status).toBe(1);
    expect(runs[2]?.stdout).not.toContain('"missing"');
  });
});

test('names that look like paths or options stay names', () => {
  const names = ['0', '007', '1e3', '0x10', 'null', 'true', 'no', 'set', 'secrets', 'a--b', 'x'.repeat(40)];
  const files = Object.fromEntries(names.map((name) => [`sessions/123/${name}.yaml`, session(name)]));
  const folder = secretProject(SEALED, { ...files, 'sessions/123/cohort.yaml': cohort('123') });
  const runs = secretRuns([
    ...names.map((name) => ({ args: args('set', folder, name), input: PLANTED })),
    { args: args('rotate', folder, '--all', '--cohort', '123') },
    { args: args('set', folder) },
    { args: ['validate', '--project', folder] },
    { args: ['synth', '--project', folder] },
  ]);
  expect(runs.map(({ status, stderr }) => (status === 0 ? '' : stderr)).filter(Boolean)).toEqual([]);
  expect(pathsBelow(join(folder, 'secrets/123'))).toEqual(names.map((name) => `${name}.yaml`).sort());
});

test('--project and the current folder find a project, a folder below it does not', () => {
  const folder = secretProject(SEALED);
  const run = (cwd: string, ...project: string[]) => ({
    args: ['secret', 'set', 'alice', ...project],
    input: PLANTED,
    cwd,
  });
  const runs = secretRuns([
    run(join(folder, 'sessions')),
    run(folder),
    run(join(folder, 'sessions'), '--project', '..'),
    run('/', '--project', `${folder}//`),
    run(folder, '--project', './sessions/../'),
  ]);
  expect(runs.map(({ status }) => status)).toEqual([1, 0, 0, 0, 0]);
  expect(existsSync(join(folder, 'sessions/secrets'))).toBe(false);
  expect(pathsBelow(join(folder, 'secrets'))).toEqual(['class/alice.yaml']);
});

test('a password of many megabytes is refused', () => {
  const run = set(secretProject(SEALED), 'hunter2-'.repeat(2 * 1024 * 1024));
  expect(run).toMatchObject({ status: 1, stdout: '' });
  expect(run.stderr).toMatch(/accepted: 8 to 1024/);
});

const isSealed = (content: unknown): boolean => fileProblems('sealed-secrets', content).length === 0;
const isCounted = (content: unknown): boolean =>
  [2, 3, 4, 5].includes(Number(at(content, ['spec', 'secretGeneration'])));

test.each([
  ['sealed-secrets', SEALED, SECRET_FILE, isSealed],
  ['external-secrets', { provider: 'external-secrets' }, SESSION_FILE, isCounted],
])('concurrent rotations leave one whole file: %s', async (provider, secrets, path, isWhole) => {
  const folder = secretProject(secrets, provider === 'sealed-secrets' ? { [path]: sealedText(PLANTED) } : {});
  const before = Array.from(contentsOf(folder).keys());
  const codes = await Promise.all(
    Array.from({ length: 3 }, async () => {
      const line = [join(REPOSITORY, 'bin', 'dozlab'), ...args('rotate', folder, 'alice', '--yes')];
      const [code] = (await once(spawn(process.execPath, line, { stdio: 'ignore' }), 'exit')) as [number];
      return code;
    }),
  );
  expect(codes).toEqual([0, 0, 0]);
  expect(isWhole(parseDocument(textOf(folder, path)).toJS())).toBe(true);
  expect(Array.from(contentsOf(folder).keys())).toEqual(before);
});
