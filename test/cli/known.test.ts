import {
  cpSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { dozlab } from '../support/cli';
import { contentsOf } from '../support/folder';
import {
  addFiles,
  cohort,
  lab,
  project,
  projectWith,
  session,
  ROOTFS,
  settle,
  untilCached,
  LAST_RUN,
  smallProject,
  temporaryFolder,
} from '../support/project';

const FILES = smallProject({
  'dozlab.yaml': project({ flux: { source: { url: 'https://git.example.com/labs.git' } } }),
  'labs/other.yaml': lab('other', { values: { rootfs: { ...ROOTFS, diskSize: '8G' } } }),
  'sessions/class/bob.yaml': session('bob', { values: { firecracker: { vm: { memory: 2048 } } } }),
  'sessions/class/carol.yaml': session('carol', { values: { labels: { a: 'b' } } }),
  'sessions/second/cohort.yaml': cohort('second', { delivery: 'helm' }),
  'sessions/second/dave.yaml': session('dave', { lab: 'other' }),
});

const ALICE = 'sessions/class/alice.yaml';
const ROWS = '.dozlab/rows.json';

/** Writes other text of the same length into a file, and puts its times back. */
function replaceSecretly(folder: string, path: string, one: string, other: string): void {
  const place = join(folder, path);
  const { atime, mtime } = statSync(place);
  const text = readFileSync(place, 'utf8');
  expect(text).toContain(one);
  writeFileSync(place, text.replace(one, other));
  utimesSync(place, atime, mtime);
}

const cut = (path: string, end: number) => (folder: string) => {
  writeFileSync(join(folder, path), readFileSync(join(folder, path)).subarray(0, end));
};

/** Changes of a project that was synthesized; of some there is another folder afterwards. */
const CHANGES: Record<string, (folder: string) => unknown> = {
  nothing: () => undefined,
  'a session': (folder) => addFiles(folder, { [ALICE]: session('alice', { expiresAt: '2030-01-01T00:00:00Z' }) }),
  'a session of the same length and times': (folder) =>
    replaceSecretly(folder, 'sessions/class/bob.yaml', '2048', '4096'),
  'a new session': (folder) => addFiles(folder, { 'sessions/class/erin.yaml': session('erin') }),
  'a session that ends': (folder) => rmSync(join(folder, ALICE)),
  'a session that moves': (folder) => renameSync(join(folder, ALICE), join(folder, 'sessions/second/alice.yaml')),
  'a session with an error': (folder) => addFiles(folder, { [ALICE]: session('alice', { lab: 'nothing' }) }),
  'a lab': (folder) =>
    addFiles(folder, { 'labs/vm.yaml': lab('vm', { values: { rootfs: { ...ROOTFS, diskSize: '6G' } } }) }),
  'a cohort': (folder) =>
    addFiles(folder, { 'sessions/class/cohort.yaml': cohort('class', { values: { labels: { c: 'd' } } }) }),
  'the project': (folder) => addFiles(folder, { 'dozlab.yaml': project({ values: { labels: { e: 'f' } } }) }),
  'a cohort that goes': (folder) => rmSync(join(folder, 'sessions/second'), { recursive: true }),
  'manifests of the same length and times': (folder) =>
    replaceSecretly(folder, 'dist/sessions/class/alice.yaml', 'kind: Deployment', 'kind: Deploiment'),
  'output of the project': (folder) =>
    replaceSecretly(folder, 'dist/infra/namespaces/lab-class.yaml', 'kind: Namespace', 'kind: Namespase'),
  'a hidden file of the output': (folder) =>
    addFiles(folder, { 'dist/charts/lab-session/.helmignore': 'templates/\n' }),
  'no hidden file of the output': (folder) => rmSync(join(folder, 'dist/charts/lab-session/.helmignore')),
  'no output': (folder) => rmSync(join(folder, 'dist'), { recursive: true }),
  'a file that is not ours': (folder) => addFiles(folder, { 'dist/sessions/class/mine.yaml': 'kind: ConfigMap\n' }),
  'one that is hidden': (folder) => addFiles(folder, { 'dist/sessions/class/.mine.yaml': 'kind: ConfigMap\n' }),
  'one in a hidden folder': (folder) => addFiles(folder, { 'dist/sessions/.mine/a.yaml': 'kind: ConfigMap\n' }),
  'the cache, cut off': (folder) => cut(ROWS, 500)(folder),
  'the cache, emptied': (folder) => cut(LAST_RUN, 0)(folder),
  'the cache, of another build': (folder) => {
    const place = join(folder, ROWS);
    const text = readFileSync(place, 'utf8');
    expect(text).toContain('2048');
    writeFileSync(place, text.replace(/^\["[^"]*"/, '["another"').replaceAll('2048', '9999'));
  },
  'the cache, changed by hand': (folder) => {
    writeFileSync(join(folder, ROWS), readFileSync(join(folder, ROWS), 'utf8').replaceAll('2048', '9999'));
  },
  'the cache, removed': (folder) => rmSync(join(folder, '.dozlab'), { recursive: true }),
  'another place': (folder) => {
    const copy = temporaryFolder();
    cpSync(folder, copy, { recursive: true, preserveTimestamps: true });
    replaceSecretly(copy, 'sessions/class/bob.yaml', '2048', '4096');
    return copy;
  },
};

const run = (folder: string, ...options: string[]) => {
  const { status, stderr } = dozlab(['synth', ...options, '--project', folder]);
  return { status, stderr };
};

test.each(Object.keys(CHANGES))(
  'synth with a cache gives what synth without one gives, after a change of %s',
  async (change) => {
    const folder = projectWith(FILES);
    await untilCached(folder, () => {
      expect(run(folder).status).toBe(0);
    });

    const place = CHANGES[change]?.(folder);
    const changed = typeof place === 'string' ? place : folder;
    const fresh = temporaryFolder();
    for (const name of ['dozlab.yaml', 'labs', 'sessions'])
      cpSync(join(changed, name), join(fresh, name), { recursive: true });
    for (const name of readdirSync(changed).filter((each) => ['dist', 'fluxcd'].includes(each)))
      cpSync(join(changed, name), join(fresh, name), { recursive: true });
    expect(run(changed, '--check')).toEqual(run(fresh, '--check'));
    expect(run(changed)).toEqual(run(fresh));
    for (const name of ['dist', 'fluxcd'])
      expect(contentsOf(join(changed, name))).toEqual(contentsOf(join(fresh, name)));
  },
);

test('Git ignores the cache, and synth works without a folder for it', () => {
  const folder = projectWith(FILES);
  expect(run(folder).status).toBe(0);
  expect(contentsOf(join(folder, '.dozlab')).get('.gitignore')).toBe('*\n');
  rmSync(join(folder, '.dozlab'), { recursive: true });
  writeFileSync(join(folder, '.dozlab'), 'a file');
  expect(run(folder)).toEqual({ status: 0, stderr: expect.stringContaining('wrote 0 files') as string });
  expect(readFileSync(join(folder, '.dozlab'), 'utf8')).toBe('a file');
});

test.each(['.dozlab', ROWS, LAST_RUN])('synth writes no cache through a link: %s', async (path) => {
  const folder = projectWith(FILES);
  const elsewhere = temporaryFolder();
  writeFileSync(join(elsewhere, 'precious.json'), 'precious');
  await settle();
  addFiles(folder, { '.dozlab/other.txt': 'x' });
  rmSync(join(folder, path), { recursive: true, force: true });
  symlinkSync(path.endsWith('.json') ? join(elsewhere, 'precious.json') : elsewhere, join(folder, path));
  expect(run(folder).status).toBe(0);
  expect(contentsOf(elsewhere)).toEqual(new Map([['precious.json', 'precious']]));
});
