import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY, dozlab } from '../support/cli';
import { contentsOf } from '../support/folder';
import { addFiles, cohort, LAST_RUN, project, projectWith, session, settle, smallProject, temporaryFolder, untilCached } from '../support/project'; // prettier-ignore

/** What is kept of a project is believed in its own place alone, and nothing else is in its way. */

const FILES = smallProject({
  'dozlab.yaml': project({ flux: { source: { url: 'https://git.example.com/labs.git' } } }),
  'sessions/second/cohort.yaml': cohort('second', { delivery: 'helm' }),
  'sessions/second/dave.yaml': session('dave'),
});
const ALICE = 'sessions/class/alice.yaml';
const ROWS = '.dozlab/rows.json';
const NAMESPACE = 'dist/infra/namespaces/lab-class.yaml';

const run = (folder: string, ...args: string[]) => {
  const { status, stdout, stderr } = dozlab(['synth', '--project', folder, ...args]);
  return { status, stdout, stderr };
};

/** A project that is synthesized, with a cache of the run. */
async function known(): Promise<string> {
  const folder = projectWith(FILES);
  await untilCached(folder, () => {
    expect(run(folder).status).toBe(0);
  });
  return folder;
}

/** The same files in a folder without a cache. */
function unknown(folder: string): string {
  const copy = temporaryFolder();
  for (const name of readdirSync(folder).filter((each) => !each.startsWith('.')))
    cpSync(join(folder, name), join(copy, name), { recursive: true });
  return copy;
}

/** Expects a second run to give what a run without a cache gives. */
function expectAsUnknown(folder: string, ...args: string[]): void {
  const copy = unknown(folder);
  expect(run(folder, ...args)).toEqual(run(copy, ...args));
  for (const name of ['dist', 'fluxcd']) expect(contentsOf(join(folder, name))).toEqual(contentsOf(join(copy, name)));
}

test.each([[['--project=']], [['--project', '']], [['--project', '.']], [[]]])(
  'the current folder is looked at: %j',
  async (given) => {
    const folder = await known();
    const here = (...args: string[]) =>
      spawnSync(process.execPath, [join(REPOSITORY, 'bin', 'dozlab'), 'synth', ...given, ...args], { cwd: folder });
    expect(here().status).toBe(0);
    expect(here().status).toBe(0);
    rmSync(join(folder, 'dist'), { recursive: true });
    expect(here('--check').status).toBe(1);
    expect(here().status).toBe(0);
    expect(here('--check').status).toBe(0);
    addFiles(folder, { [ALICE]: session('alice', { lab: 'nothing' }) });
    expect(here('--check').status).toBe(1);
  },
);

/** Changes cached data with a valid digest, as a person who knows the format can. */
function forge(folder: string): void {
  const place = join(folder, ROWS);
  const [head = '', ...rest] = readFileSync(place, 'utf8').split('\n');
  const body = rest.join('\n').replaceAll('kind: Namespace', 'kind: Namespase');
  const fields = JSON.parse(head) as unknown[];
  fields[fields.length - 1] = createHash('sha256').update(body).digest('base64url');
  writeFileSync(place, `${JSON.stringify(fields)}\n${body}`);
  expect(body).toContain('kind: Namespase');
  for (const [path, text] of contentsOf(join(folder, 'dist')))
    writeFileSync(join(folder, 'dist', path), text.replaceAll('kind: Namespace', 'kind: Namespase'));
}

test('a cache that comes with the files of a project is not used', async () => {
  const folder = await known();
  forge(folder);
  // As it is by whoever made it.
  rmSync(join(folder, LAST_RUN));
  expect(run(folder, '--check').status).toBe(0);
  const copy = temporaryFolder();
  cpSync(folder, copy, { recursive: true, preserveTimestamps: true });
  expect(run(copy, '--check')).toEqual({
    status: 1,
    stdout: expect.stringContaining(`changed  ${NAMESPACE}`) as string,
    stderr: expect.stringContaining('dist/ is stale') as string,
  });
});

test('a file that changes while synth reads is read again in the next run', async () => {
  const folder = await known();
  addFiles(folder, { 'sessions/second/dave.yaml': session('dave', { userId: 'somebody.else@example.com' }) });
  await settle();
  const hook = join(temporaryFolder(), 'hook.cjs');
  writeFileSync(
    hook,
    `const fs = require('node:fs');
const { openSync } = fs;
let isDone = false;
fs.openSync = (path, ...rest) => {
  if (!isDone && String(path).endsWith('/dozlab.yaml')) {
    isDone = true;
    const text = fs.readFileSync(path, 'utf8');
    fs.writeFileSync(path, text.replace(/flux:\\n( +)/, 'flux:\\n$1interval: 7m\\n$1'));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60);
  }
  return openSync(path, ...rest);
};
require('node:module').syncBuiltinESMExports();
`,
  );
  const program = join(REPOSITORY, 'bin', 'dozlab');
  const { status } = spawnSync(process.execPath, ['--require', hook, program, 'synth', '--project', folder]);
  expect(status).toBe(0);
  expect(readFileSync(join(folder, 'dozlab.yaml'), 'utf8')).toContain('interval: 7m');
  expect(run(folder).status).toBe(0);
  expect(readFileSync(join(folder, 'dist/releases/second/dave.yaml'), 'utf8')).toContain('interval: "7m"');
  expectAsUnknown(folder, '--check');
});

/** What may lie where something is kept. */
const ODD: Record<string, (folder: string) => void> = {
  'a pipe': (folder) => {
    rmSync(join(folder, LAST_RUN));
    execFileSync('mkfifo', [join(folder, LAST_RUN)]);
  },
  'a link to itself': (folder) => {
    rmSync(join(folder, '.dozlab'), { recursive: true });
    symlinkSync('.dozlab', join(folder, '.dozlab'));
  },
  'a link to what was kept': (folder) => {
    const elsewhere = join(temporaryFolder(), 'kept');
    renameSync(join(folder, '.dozlab'), elsewhere);
    symlinkSync(elsewhere, join(folder, '.dozlab'));
    addFiles(folder, { [ALICE]: session('alice', { userId: 'somebody.else@example.com' }) });
  },
  'a folder': (folder) => {
    rmSync(join(folder, LAST_RUN));
    mkdirSync(join(folder, LAST_RUN));
  },
};

test.each(Object.keys(ODD))('%s in place of what is kept changes nothing', async (what) => {
  const folder = await known();
  ODD[what]?.(folder);
  expectAsUnknown(folder, '--check');
  expectAsUnknown(folder);
});

test('synth removes the files of a killed process, even if nothing changed', async () => {
  const folder = await known();
  const left = '.dozlab-4194305-1.staged';
  mkdirSync(join(folder, left));
  expect(run(folder).status).toBe(0);
  expect(readdirSync(folder)).not.toContain(left);
});

test.each(['loop', 'x'.repeat(300)])('a project that cannot be looked at is told of: %s', (name) => {
  const place = join(temporaryFolder(), name);
  if (name === 'loop') symlinkSync('loop', place);
  expect(run(place)).toEqual({
    status: 1,
    stdout: '',
    stderr: expect.stringMatching(/^dozlab: there is no folder .* that can be read\n$/) as string,
  });
});
