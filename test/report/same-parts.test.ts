import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Repository } from '../../src/git/repository';
import { treeAt, type TreeFile } from '../../src/git/tree';
import { READ_FOLDERS, snapshotOfCommit, snapshotOfFolder, textsOf, type Snapshot } from '../../src/report/snapshot';
import { git, VARIABLES } from '../support/git';
import { addFiles, cohort, lab, project, projectWith, session, smallProject, type Files } from '../support/project';

const BEFORE = smallProject({
  'dozlab.yaml': project({ secrets: { provider: 'existing' }, values: { codeServer: { existingSecret: 'vscode' } } }),
  'labs/other.yaml': lab('other'),
  'sessions/class/bob.yaml': session('bob', { values: { labels: { a: null } } }),
  'sessions/class/carol.yaml': session('carol', { lab: 'other', values: { firecracker: { vm: { memory: 2048 } } } }),
  'sessions/class/wrong.yaml': session('wrong', { lab: 'nothing' }),
  'sessions/other/cohort.yaml': cohort('other', { namespace: 'elsewhere' }),
  'sessions/other/dave.yaml': session('dave', { values: { unknown: 1 } }),
  'secrets/class/alice.yaml': 'kind: Nothing\n',
});

const CHANGES: Record<string, Files> = {
  nothing: {},
  'a session': { 'sessions/class/carol.yaml': session('carol', { lab: 'vm' }) },
  'a new session': { 'sessions/class/erin.yaml': session('erin') },
  'a lab': { 'labs/vm.yaml': lab('vm', { values: { rootfs: { imageUrl: 'https://example.com/2.ext4' } } }) },
  'a cohort': {
    'sessions/class/cohort.yaml': cohort('class', { namespace: 'lab-new', values: { labels: { a: 'b' } } }),
  },
  'the project': { 'dozlab.yaml': project({ values: { labels: { c: 'd' } } }) },
  'a file of a password': { 'secrets/class/alice.yaml': 'kind: Other\n' },
  'a broken project': { 'dozlab.yaml': project({ values: { nothing: 1 } }) },
};

const treeOf = (folder: string, files: Files): Map<string, TreeFile> =>
  new Map(
    Object.keys(files).map((path) => [path, { content: readFileSync(join(folder, path), 'utf8'), isLink: false }]),
  );

const told = ({ resolved, sessions, files, output, errors }: Snapshot) => ({
  resolved,
  sessions,
  files,
  output,
  errors,
});

describe('a project at two times', () => {
  test.each(Object.keys(CHANGES))('is the same whether or not what did not change is shared: %s', (change) => {
    const folder = projectWith(BEFORE);
    const tree = treeOf(folder, BEFORE);
    addFiles(folder, CHANGES[change] ?? {});
    const before = snapshotOfCommit(tree);
    const after = snapshotOfFolder(folder);

    expect(told(snapshotOfCommit(tree, after))).toEqual(told(before));
    expect(told(snapshotOfFolder(folder))).toEqual(told(after));
  });
});

describe('the files of a commit', () => {
  test.each(['sha1', 'sha256'])('are those that Git has, whatever they are thought to hold: %s', (format) => {
    Object.assign(process.env, VARIABLES);
    const texts = {
      'labs/one.yaml': 'a: é\n',
      'labs/two.yaml': 'b\r\n',
      'labs/mark.yaml': '\ufeffc\n',
      'labs/empty.yaml': '',
    };
    const folder = projectWith({ ...smallProject(), ...texts });
    git(folder, 'init', '--quiet', '--template=', '--initial-branch=main', `--object-format=${format}`);
    git(folder, 'add', '--all');
    git(folder, 'commit', '--quiet', '--message=first');
    const repository = Repository.around(folder);
    const commit = repository.commit('main') ?? '';
    const plainly = treeAt(repository, commit, READ_FOLDERS);

    const all = textsOf(snapshotOfFolder(folder));
    for (const likely of [
      all,
      new Map(Object.entries(texts)),
      new Map(Object.keys(texts).map((path) => [path, 'another'])),
      new Map([['labs/one.yaml', texts['labs/two.yaml']]]),
    ])
      expect(treeAt(repository, commit, READ_FOLDERS, likely)).toEqual(plainly);
    expect(plainly.get('labs/mark.yaml')?.content).toBe('c\n');
  });
});
