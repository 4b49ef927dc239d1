import { existsSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { blobId } from '../../src/git/tree';
import { candidateTexts, snapshotOfFolder } from '../../src/report/changes/snapshot';
import { dozlabRuns, type Run } from '../support/cli-runs';
import { contentsOf } from '../support/folder';
import { git, VARIABLES } from '../support/git';
import { addFiles, cohort, lab, project, projectWith, session, smallProject } from '../support/project';

jest.setTimeout(300_000);

const ROOTFS = { imageUrl: 'https://example.com/rootfs.ext4' };
const ALICE = 'sessions/class/alice.yaml';

const FILES = smallProject({
  'dozlab.yaml': project({
    flux: { source: { url: 'https://git.example.com/labs.git' } },
    prices: { currency: 'EUR', cpuHour: 1, memoryGiBHour: 1 },
  }),
  'labs/other.yaml': lab('other', { values: { rootfs: { ...ROOTFS, diskSize: '8G' } } }),
  'sessions/class/cohort.yaml': cohort('class', { maxSessions: 5 }),
  'sessions/class/bob.yaml': session('bob', { values: { firecracker: { vm: { memory: 2048 } } } }),
  'sessions/class/carol.yaml': session('carol', { suspended: true, values: { labels: { password: 'hunter22' } } }),
  'sessions/second/cohort.yaml': cohort('second', { delivery: 'helm' }),
  'sessions/second/dave.yaml': session('dave', { lab: 'other' }),
});

function replace(folder: string, path: string, one: string, other: string): void {
  const place = join(folder, path);
  const text = readFileSync(place, 'utf8');
  expect(text).toContain(one);
  writeFileSync(place, text.replaceAll(one, other));
}

const commit = (folder: string, ...paths: string[]): void => {
  git(folder, 'add', '--all', '--', ...(paths.length === 0 ? ['.'] : paths));
  git(folder, 'commit', '--quiet', '--message=more');
};

/** Changes of a repository whose project was synthesized and committed. */
const CHANGES: Record<string, (folder: string) => unknown> = {
  nothing: () => undefined,
  'a session': (folder) => addFiles(folder, { [ALICE]: session('alice', { expiresAt: '2030-01-01T00:00:00Z' }) }),
  'a session of the same length': (folder) => replace(folder, 'sessions/class/bob.yaml', '2048', '4096'),
  'a new session': (folder) => addFiles(folder, { 'sessions/class/erin.yaml': session('erin') }),
  'a session that ends': (folder) => rmSync(join(folder, ALICE)),
  'a session that moves': (folder) => renameSync(join(folder, ALICE), join(folder, 'sessions/second/alice.yaml')),
  'a session with an error': (folder) => addFiles(folder, { [ALICE]: session('alice', { lab: 'nothing' }) }),
  'a session with a password': (folder) =>
    addFiles(folder, { [ALICE]: session('alice', { values: { annotations: { password: 'hunter22' } } }) }),
  'a lab': (folder) =>
    addFiles(folder, { 'labs/vm.yaml': lab('vm', { values: { rootfs: { ...ROOTFS, diskSize: '6G' } } }) }),
  'a cohort': (folder) =>
    addFiles(folder, { 'sessions/class/cohort.yaml': cohort('class', { values: { labels: { c: 'd' } } }) }),
  'how a cohort is delivered': (folder) =>
    addFiles(folder, { 'sessions/class/cohort.yaml': cohort('class', { delivery: 'helm' }) }),
  'a cohort that goes': (folder) => rmSync(join(folder, 'sessions/second'), { recursive: true }),
  'the project': (folder) => addFiles(folder, { 'dozlab.yaml': project({ values: { labels: { e: 'f' } } }) }),
  'output edited by hand': (folder) =>
    replace(folder, 'dist/sessions/class/alice.yaml', 'kind: Deployment', 'kind: Deploiment'),
  'output edited by hand and committed': (folder) => {
    replace(folder, 'dist/sessions/class/alice.yaml', 'cpu: ', 'cpu:  ');
    commit(folder);
  },
  'output that is not committed': (folder) => {
    git(folder, 'rm', '-r', '--quiet', '--cached', 'dist', 'fluxcd');
    git(folder, 'commit', '--quiet', '--message=no output');
  },
  'one file of the output that is not committed': (folder) => {
    git(folder, 'rm', '--quiet', '--cached', 'dist/sessions/class/bob.yaml');
    git(folder, 'commit', '--quiet', '--message=less output');
  },
  'output that is committed later than its files': (folder) => {
    addFiles(folder, { [ALICE]: session('alice', { lab: 'other' }) });
    commit(folder, 'sessions');
  },
  'no output': (folder) => rmSync(join(folder, 'dist'), { recursive: true }),
  'a file that is not ours': (folder) => addFiles(folder, { 'dist/sessions/class/mine.yaml': 'kind: ConfigMap\n' }),
  'files that git has not looked at': (folder) => {
    for (const path of contentsOf(join(folder, 'sessions')).keys())
      utimesSync(join(folder, 'sessions', path), new Date(), new Date());
  },
  'files that git is told to take for unchanged': (folder) => {
    git(folder, 'update-index', '--assume-unchanged', 'sessions/class/bob.yaml');
    git(folder, 'update-index', '--skip-worktree', ALICE);
    replace(folder, 'sessions/class/bob.yaml', '2048', '4096');
    addFiles(folder, { [ALICE]: session('alice', { suspended: true }) });
  },
  'files that git keeps with other ends of lines': (folder) => {
    git(folder, 'config', 'core.autocrlf', 'true');
    for (const path of [ALICE, 'dist/sessions/class/bob.yaml']) {
      rmSync(join(folder, path));
      git(folder, 'checkout', '--', path);
      expect(readFileSync(join(folder, path), 'utf8')).toContain('\r\n');
    }
  },
  'files that git keeps otherwise': (folder) => {
    addFiles(folder, { '.gitattributes': 'sessions/class/*.yaml filter=less\ndist/** filter=less\n' });
    git(folder, 'config', 'filter.less.clean', 'sed s/2048/1024/');
    git(folder, 'config', 'filter.less.smudge', 'cat');
    utimesSync(join(folder, 'sessions/class/bob.yaml'), new Date(), new Date());
    utimesSync(join(folder, 'dist/sessions/class/bob.yaml'), new Date(), new Date());
    commit(folder);
  },
  'a cache changed by hand': (folder) => {
    const place = join(folder, '.dozlab/rows.json');
    writeFileSync(place, readFileSync(place, 'utf8').replaceAll('2048', '9999'));
  },
};

const settle = () => new Promise((resolve) => setTimeout(resolve, 50));

/** Repositories, each with a project that is synthesized and committed. */
async function committedProjects(formats: readonly string[]): Promise<string[]> {
  const folders = formats.map(() => projectWith(FILES));
  Object.assign(process.env, VARIABLES);
  await settle();
  const runs = dozlabRuns(folders.map((folder) => ['synth', '--project', folder]));
  expect(runs.map(({ status }) => status)).toEqual(folders.map(() => 0));
  for (const [index, folder] of folders.entries()) {
    git(folder, 'init', '--quiet', '--template=', '--initial-branch=main', `--object-format=${formats[index] ?? ''}`);
    commit(folder);
  }
  return folders;
}

const committedProject = async (): Promise<string> => (await committedProjects(['sha1']))[0] ?? '';

const removeCache = (folder: string): void => rmSync(join(folder, '.dozlab'), { recursive: true, force: true });

/** The reports of all folders, in one process: most of a run's time is its start. */
const reports = (folders: readonly string[]): Run[] =>
  dozlabRuns(
    folders.flatMap((folder) =>
      [[], ['-o', 'json']].map((more) => ['report', '--base', 'HEAD', '--project', folder, ...more]),
    ),
  );

test('a report with a cache equals a report without one', async () => {
  const LONG = ['nothing', 'a session of the same length'];
  const names = [...Object.keys(CHANGES), ...LONG];
  const isLong = (index: number): boolean => index >= names.length - LONG.length;
  const folders = await committedProjects(names.map((_, index) => (isLong(index) ? 'sha256' : 'sha1')));
  const named = (runs: readonly Run[]) =>
    names.map((name, index) => ({ name, isLong: isLong(index), runs: runs.slice(index * 2, index * 2 + 2) }));
  for (const [index, name] of names.entries()) CHANGES[name]?.(folders[index] ?? '');
  const cached = reports(folders);
  // A run keeps no cache if the clock of the disk lags, as it may on a busy machine.
  const hasRows = (folder: string): boolean => existsSync(join(folder, '.dozlab', 'rows.json'));
  for (let runs = 0; runs < 20 && !folders.every(hasRows); runs += 1) reports(folders);
  for (const folder of folders) {
    expect(hasRows(folder)).toBe(true);
    removeCache(folder);
  }
  expect(named(cached)).toEqual(named(reports(folders)));

  dozlabRuns(folders.map((folder) => ['synth', '--project', folder]));
  const synthesized = reports(folders);
  folders.forEach(removeCache);
  expect(named(synthesized)).toEqual(named(reports(folders)));
});

test('a report never shows a text that a session file must not have', async () => {
  const folder = await committedProject();
  addFiles(folder, { [ALICE]: session('alice', { values: { labels: { note: 'hunter22', other: 'shown' } } }) });
  const text = reports([folder])
    .map(({ stdout }) => stdout)
    .join('\n');
  expect(text).toContain('shown');
  expect(text).not.toContain('hunter22');
});

describe('likely texts of a commit', () => {
  /** Whether each text is what Git has for the file. */
  const textsIn = (folder: string): Map<string, boolean> =>
    new Map(
      Array.from(candidateTexts(snapshotOfFolder(folder))).map(([path, { text }]) => [
        path,
        blobId(text()) === git(folder, 'hash-object', '--no-filters', path),
      ]),
    );
  const SESSIONS = ['class/alice', 'class/bob', 'class/carol', 'second/dave'];
  const PATHS = [
    ...SESSIONS.map((name) => `dist/sessions/${name}.yaml`),
    'dist/releases/second/dave.yaml',
    ...SESSIONS.map((name) => `sessions/${name}.yaml`),
  ];

  test('are the texts of session files and their output, after each change too', async () => {
    const folder = await committedProject();
    const expectRight = (paths: readonly string[]): void => {
      const texts = textsIn(folder);
      expect(PATHS.filter((path) => texts.get(path) === true)).toEqual(paths);
    };
    expectRight(PATHS);
    replace(folder, 'sessions/class/bob.yaml', '2048', '4096');
    expectRight(PATHS.filter((path) => path !== 'dist/sessions/class/bob.yaml'));
    dozlabRuns([['synth', '--project', folder]]);
    expectRight(PATHS);
  });
});
