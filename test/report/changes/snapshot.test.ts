import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Repository } from '../../../src/git/repository';
import { treeAt, type CandidateText, type TreeFile } from '../../../src/git/tree';
import {
  snapshotOfCommit,
  snapshotOfFolder,
  candidateTexts,
  type Snapshot,
} from '../../../src/report/changes/snapshot';
import { git, VARIABLES } from '../../support/git';
import { PROJECT_PATHS } from '../../../src/source/commit-source';
import { addFiles, cohort, lab, project, projectWith, session, smallProject, type Files } from '../../support/project';

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

const textsOf = (files: ReadonlyMap<string, { readonly content: string }>): [string, string][] =>
  Array.from(files, ([path, { content }]) => [path, content]);

const contentsOf = (files: ReadonlyMap<string, TreeFile>): [string, string, boolean][] =>
  Array.from(files, ([path, { content, isLink }]) => [path, content, isLink]);

const told = ({ resolved, sessions, files, output, errors }: Snapshot) => ({
  resolved,
  sessions,
  files,
  output: textsOf(output),
  errors,
});

describe('a snapshot', () => {
  test.each(Object.keys(CHANGES))(
    'is equal with and without sharing of unchanged parts after a change of %s',
    (change) => {
      const folder = projectWith(BEFORE);
      const tree = treeOf(folder, BEFORE);
      addFiles(folder, CHANGES[change] ?? {});
      const before = snapshotOfCommit(tree);
      const after = snapshotOfFolder(folder);

      expect(told(snapshotOfCommit(tree, after))).toEqual(told(before));
      expect(told(snapshotOfFolder(folder))).toEqual(told(after));
    },
  );
});

describe('files of a commit', () => {
  test.each(['sha1', 'sha256'])('equal those in Git, also with wrong guesses, in a %s repository', (format) => {
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
    const plainly = treeAt(repository, commit, PROJECT_PATHS);

    const all = candidateTexts(snapshotOfFolder(folder));
    const guess = (files: Readonly<Record<string, string>>): ReadonlyMap<string, CandidateText> =>
      new Map(Object.entries(files).map(([path, text]) => [path, { of: {}, text: () => text }]));
    const foreign = { of: {}, id: git(folder, 'rev-parse', 'HEAD:labs/two.yaml'), text: () => texts['labs/two.yaml'] };
    for (const likely of [
      all,
      guess(texts),
      guess(Object.fromEntries(Object.keys(texts).map((path) => [path, 'another']))),
      guess({ 'labs/one.yaml': texts['labs/two.yaml'] }),
      new Map([['labs/one.yaml', foreign]]),
      new Map([['labs/two.yaml', foreign]]),
    ])
      expect(contentsOf(treeAt(repository, commit, PROJECT_PATHS, likely))).toEqual(contentsOf(plainly));
    expect(plainly.get('labs/mark.yaml')?.content).toBe('c\n');
  });
});
