import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dozlabRuns } from '../support/cli-runs';
import { contentsOf } from '../support/folder';
import { addHook, dozlabIn, dozlabProcessIn, git, repositoryWith, stateOf, VARIABLES } from '../support/git';
import { NOW } from '../support/lifecycle';
import { addFiles, cohort, projectWith, session, smallProject, temporaryFolder } from '../support/project';
import { SEALED } from '../support/secret-project';
import { CERTIFICATE } from '../support/test-keys';

const EXTEND = ['session', 'extend', 'alice', '--until', '2030-01-02T00:00:00Z', '--now', NOW];
const CREATE = ['session', 'create', 'bob', '--user', 'bob', '--lab', 'vm', '--now', NOW];

const filesOf = (root: string, commit = 'HEAD'): string[] =>
  git(root, 'show', '--name-only', '--format=', commit).split('\n');

describe('--commit', () => {
  test('commits the change and the output of synth, and nothing else', async () => {
    const { root, folder } = repositoryWith({ 'notes.md': 'old\n', 'other.md': 'old\n' });
    appendFileSync(join(root, 'notes.md'), 'staged\n');
    git(root, 'add', 'notes.md');
    appendFileSync(join(root, 'other.md'), 'dirty\n');
    writeFileSync(join(root, 'new.md'), 'untracked\n');
    const run = await dozlabIn(folder, [...CREATE, '--commit', '-o', 'json']);
    expect(run).toMatchObject({ status: 0 });
    const result = JSON.parse(run.stdout) as Record<string, unknown>;
    expect(result).toMatchObject({ branch: 'main', commit: git(root, 'rev-parse', 'HEAD'), pushed: false });
    expect(filesOf(root)).toEqual(['dist/sessions/class/bob.yaml', 'sessions/class/bob.yaml']);
    expect(git(root, 'log', '-1', '--format=%B').trimEnd().split('\n')).toEqual([
      result['summary'],
      '',
      'no session restarts or ends, and no data is lost',
    ]);
    expect(git(root, 'status', '--porcelain')).toBe('M  notes.md\n M other.md\n?? new.md');
    const check = await dozlabIn(folder, ['synth', '--check']);
    expect(check.status).toBe(0);
  });

  test('removes the manifests of a session that ended', async () => {
    const { root, folder } = repositoryWith({ 'sessions/class/carol.yaml': session('carol') });
    expect(await dozlabIn(folder, ['session', 'end', 'carol', '--commit', '--yes'])).toMatchObject({ status: 0 });
    expect(filesOf(root)).toEqual(['dist/sessions/class/carol.yaml', 'sessions/class/carol.yaml']);
    expect(git(root, 'status', '--porcelain')).toBe('');
  });

  test('works in a folder of the repository, in a linked work tree, and with CRLF', async () => {
    const { root, folder } = repositoryWith({}, 'odd [name] *');
    expect(await dozlabIn(folder, [...EXTEND, '--commit'])).toMatchObject({ status: 0 });
    expect(filesOf(root)).toEqual([
      'odd [name] */dist/sessions/class/alice.yaml',
      'odd [name] */sessions/class/alice.yaml',
    ]);
    const linked = join(temporaryFolder(), 'linked');
    git(root, 'worktree', 'add', '--quiet', '-b', 'linked', linked);
    git(root, 'config', 'core.autocrlf', 'true');
    const run = await dozlabIn(join(linked, 'odd [name] *'), [...CREATE, '--commit']);
    expect(run).toMatchObject({ status: 0 });
    expect(git(linked, 'show', '--name-only', '--format=%D')).toContain('HEAD -> linked');
    expect(git(linked, 'status', '--porcelain')).toBe('');
  });

  test('uses the repository of the project, not the repository of the hook or alias that started it', async () => {
    const { root, folder } = repositoryWith({}, 'infra');
    const other = repositoryWith();
    const of = (repository: string) => ({
      GIT_DIR: join(repository, '.git'),
      GIT_INDEX_FILE: join(repository, '.git', 'index'),
    });
    expect(await dozlabIn(folder, ['report', '--base', 'HEAD'], of(root))).toMatchObject({
      stdout: expect.stringContaining('Nothing changes') as string,
    });
    expect(await dozlabIn(folder, [...EXTEND, '--commit'], of(other.root))).toMatchObject({ status: 0 });
    expect(filesOf(root)).toEqual(['infra/dist/sessions/class/alice.yaml', 'infra/sessions/class/alice.yaml']);
    for (const each of [root, other.root]) expect(git(each, 'status', '--porcelain')).toBe('');
  });

  test('leaves out a dist/ that git ignores', async () => {
    const { root, folder } = repositoryWith({ '.gitignore': 'dist/\nfluxcd/\n' });
    const run = await dozlabIn(folder, [...CREATE, '--commit']);
    expect(run).toMatchObject({ status: 0 });
    expect(run.stderr).toContain('Git ignores the output of synth; next: dozlab synth');
    expect(filesOf(root)).toEqual(['sessions/class/bob.yaml']);
  });

  test('does nothing if nothing changes', async () => {
    const { root, folder } = repositoryWith();
    const before = stateOf(root);
    const run = await dozlabIn(folder, ['expire', '--now', NOW, '--branch', 'main', '--open']);
    expect(run).toMatchObject({ status: 0 });
    expect(run.stderr).toContain('nothing to do');
    expect(stateOf(root)).toEqual(before);
  });

  test('refuses a new session whose password file does not exist', async () => {
    const { root, folder } = repositoryWith({
      'sessions/sealed/cohort.yaml': cohort('sealed', { secrets: SEALED }),
      'cert.pem': CERTIFICATE,
    });
    const before = stateOf(root);
    const run = await dozlabIn(folder, [...CREATE, '--cohort', 'sealed', '--commit']);
    expect(run).toMatchObject({ status: 1, stdout: '' });
    expect(run.stderr).toContain('Fix: run this without --commit, then dozlab secret set and dozlab synth');
    expect(stateOf(root)).toEqual(before);
  });
});

describe('--branch', () => {
  test('creates a branch at the current commit, also with a detached HEAD', async () => {
    const { root, folder } = repositoryWith();
    const first = git(root, 'rev-parse', 'HEAD');
    git(root, 'checkout', '--quiet', '--detach');
    const run = await dozlabIn(folder, [...CREATE, '--branch', 'term/bob', '-o', 'json']);
    expect(run).toMatchObject({ status: 0 });
    expect(JSON.parse(run.stdout)).toMatchObject({ branch: 'term/bob', pushed: false });
    expect(git(root, 'symbolic-ref', 'HEAD')).toBe('refs/heads/term/bob');
    expect(git(root, 'rev-parse', 'HEAD^', 'main')).toBe(`${first}\n${first}`);
    expect(git(root, 'status', '--porcelain')).toBe('');
  });

  test('creates nothing with --dry-run', async () => {
    const { root, folder } = repositoryWith();
    const before = [stateOf(root), contentsOf(folder)];
    const run = await dozlabIn(folder, [...CREATE, '--branch', 'bob', '--push', '--dry-run']);
    expect(run).toMatchObject({ status: 0 });
    expect(run.stdout).toContain('new      dist/sessions/class/bob.yaml');
    expect(run.stderr).toContain('would commit to the new branch bob\nwould push it to origin');
    expect([stateOf(root), contentsOf(folder)]).toEqual(before);
  });
});

/** A broken repository, the options, and the error. */
const REFUSED: readonly (readonly [
  name: string,
  breakIt: (root: string) => void,
  options: readonly string[],
  message: string,
])[] = [
  ['a changed file of the change', (root) => { appendFileSync(join(root, 'sessions/class/alice.yaml'), '# mine\n'); }, ['--commit'], 'sessions/class/alice.yaml: not as in the last commit'], // prettier-ignore
  ['a staged file of the change', (root) => { appendFileSync(join(root, 'sessions/class/alice.yaml'), '# mine\n'); git(root, 'add', '.'); }, ['--commit'], 'sessions/class/alice.yaml: not as in the last commit'], // prettier-ignore
  ['a changed lab', (root) => { appendFileSync(join(root, 'labs/vm.yaml'), '# mine\n'); }, ['--commit'], 'labs/vm.yaml: not as in the last commit'], // prettier-ignore
  ['a stale dist/', (root) => { addFiles(root, { 'sessions/class/carol.yaml': session('carol') }); }, ['--commit'], 'dist/ is stale before the change'], // prettier-ignore
  ['an untracked file of the change', (root) => { git(root, 'rm', '--quiet', '--cached', 'sessions/class/alice.yaml'); git(root, 'commit', '--quiet', '-m', 'x'); }, ['--commit'], 'sessions/class/alice.yaml: not as in the last commit'], // prettier-ignore
  ['a project with errors', (root) => { addFiles(root, { 'sessions/class/carol.yaml': session('carol', { lab: 'none' }) }); }, ['--commit'], '1 error, 0 warnings: nothing was written'], // prettier-ignore
  ['a detached HEAD', (root) => { git(root, 'checkout', '--quiet', '--detach'); }, ['--commit'], 'no branch is checked out (detached HEAD). Fix: set --branch NAME'], // prettier-ignore
  ['a merge', (root) => { git(root, 'checkout', '--quiet', '-b', 'side'); git(root, 'commit', '--quiet', '--allow-empty', '-m', 'x'); git(root, 'checkout', '--quiet', 'main'); git(root, 'merge', '--quiet', '--no-ff', '--no-commit', 'side'); }, ['--commit'], 'a merge is in progress'], // prettier-ignore
  ['a cherry-pick', (root) => { writeFileSync(join(root, '.git', 'CHERRY_PICK_HEAD'), git(root, 'rev-parse', 'HEAD')); }, ['--commit'], 'a cherry-pick is in progress'], // prettier-ignore
  [
    'a rebase',
    (root) => {
      mkdirSync(join(root, '.git', 'rebase-merge'));
    },
    ['--commit'],
    'a rebase is in progress',
  ],
  ['another git command', (root) => { writeFileSync(join(root, '.git', 'index.lock'), ''); }, ['--commit'], 'index.lock'], // prettier-ignore
  ['a branch that exists', (root) => { git(root, 'branch', 'taken'); }, ['--branch', 'taken'], 'the branch taken exists. Fix: use another --branch'], // prettier-ignore
  ['a branch that Git cannot store beside another', (root) => { git(root, 'branch', 'taken'); }, ['--branch', 'taken/more'], 'git cannot store the branch taken/more beside the branch taken'], // prettier-ignore
  ['a branch of the remote', (root) => { git(root, 'push', '--quiet', 'origin', 'main:far'); git(root, 'update-ref', '-d', 'refs/remotes/origin/far'); }, ['--branch', 'far', '--push'], 'the branch far exists at origin'], // prettier-ignore
  ['a tracked branch of the remote', (root) => { git(root, 'push', '--quiet', 'origin', 'main:far'); }, ['--branch', 'far'], 'the branch far exists at origin'], // prettier-ignore
  [
    'no remote',
    (root) => {
      git(root, 'remote', 'remove', 'origin');
    },
    ['--push'],
    'the repository has no remote. Fix: git remote add',
  ],
  ['several remotes', (root) => { git(root, 'remote', 'rename', 'origin', 'one'); git(root, 'remote', 'add', 'two', '/nowhere'); git(root, 'branch', '--unset-upstream'); }, ['--push'], 'the repository has several remotes (one, two)'], // prettier-ignore
  ['a missing remote', (root) => { git(root, 'remote', 'set-url', 'origin', join(root, 'nowhere')); }, ['--push'], 'git failed to ask the remote origin'], // prettier-ignore
  ['a host that does not answer', (root) => { git(root, 'remote', 'set-url', 'origin', 'http://me:hidden-word@127.0.0.1:9/a/b.git'); }, ['--push'], 'git failed to ask the remote origin'], // prettier-ignore
  ['a remote that is ahead', (root) => { git(root, 'commit', '--quiet', '--allow-empty', '-m', 'x'); git(root, 'push', '--quiet'); git(root, 'reset', '--quiet', '--hard', 'HEAD^'); }, ['--push'], 'origin/main has commits that the current branch lacks. Fix: git pull'], // prettier-ignore
  ['a remote without a branch', (root) => { git(git(root, 'remote', 'get-url', 'origin'), 'update-ref', '-d', 'refs/heads/main'); }, ['--branch', 'x', '--open'], 'origin has no default branch to open a request for'], // prettier-ignore
  ['the default branch for a request', (root) => { git(root, 'checkout', '--quiet', '-b', 'side'); git(root, 'branch', '--quiet', '-D', 'main'); git(root, 'update-ref', '-d', 'refs/remotes/origin/main'); }, ['--branch', 'main', '--open'], 'main is the default branch of origin'], // prettier-ignore
  ['an ignored file', (root) => { mkdirSync(join(root, '.git', 'info'), { recursive: true }); writeFileSync(join(root, '.git', 'info', 'exclude'), 'dist/sessions/class/bob.yaml\n'); }, ['--commit'], 'dist/sessions/class/bob.yaml: git ignores it'], // prettier-ignore
];

describe('before it writes, a command refuses', () => {
  const prepared = REFUSED.map(([name, breakIt, options, message]) => {
    const { root, folder } = repositoryWith();
    breakIt(root);
    const command = name === 'an ignored file' ? CREATE : EXTEND;
    return { name, message, root, before: contentsOf(root), args: [...command, ...options, '--project', folder] };
  });
  const runs = dozlabRuns(prepared.map(({ args }) => args), undefined, VARIABLES); // prettier-ignore

  test.each(prepared.map((each, index) => [each.name, each, runs[index]] as const))(
    '%s',
    (_, { root, message, before }, run) => {
      // prettier-ignore
      expect(run).toMatchObject({ status: 1, stdout: '' });
      expect(run?.stderr).toContain(message);
      expect(run?.stderr).not.toContain('hidden-word');
      expect(contentsOf(root)).toEqual(before);
    },
  );
});

test('a name that Git does not accept for a branch is a usage error', () => {
  const { root, folder } = repositoryWith();
  const names = ['', '-x', 'a b', 'a..b', '@{-1}', 'x.lock', '/x', 'HEAD~1'];
  const runs = dozlabRuns(names.map((name) => [...EXTEND, `--branch=${name}`, '--project', folder]), undefined, VARIABLES); // prettier-ignore
  for (const [index, name] of names.entries()) {
    expect(runs[index]).toMatchObject({ status: 2, stdout: '' });
    expect(runs[index]?.stderr).toContain(`--branch is ${JSON.stringify(name)}, which is not a branch name. Fix:`);
  }
  expect(git(root, 'status', '--porcelain')).toBe('');
});

describe('a command that commits fails', () => {
  test('without a repository, and without git', async () => {
    const folder = projectWith(smallProject());
    const before = contentsOf(folder);
    const outside = await dozlabIn(folder, [...EXTEND, '--commit'], { GIT_CEILING_DIRECTORIES: join(folder, '..') });
    expect(outside).toMatchObject({ status: 1, stdout: '' });
    expect(outside.stderr).toContain('is not in the work tree of a Git repository');
    const without = await dozlabIn(folder, [...EXTEND, '--commit'], { PATH: folder });
    expect(without).toMatchObject({ status: 1, stdout: '' });
    expect(without.stderr).toContain('git is needed to find the repository, and is not on the PATH');
    expect(contentsOf(folder)).toEqual(before);
  });

  test('without a first commit, and in a bare repository', async () => {
    const folder = projectWith(smallProject());
    git(folder, 'init', '--quiet');
    const fresh = await dozlabIn(folder, [...EXTEND, '--commit']);
    expect(fresh.stderr).toContain('the repository has no commit. Fix:');
    rmSync(join(folder, '.git'), { recursive: true });
    git(folder, 'init', '--quiet', '--bare');
    const bare = await dozlabIn(folder, [...EXTEND, '--commit']);
    expect(bare.stderr).toContain('is not in the work tree');
  });

  test('without an author', async () => {
    const { root, folder } = repositoryWith();
    git(root, 'config', 'user.useConfigOnly', 'true');
    const nobody = Object.fromEntries(Object.keys(VARIABLES).filter((name) => /AUTHOR|COMMITTER/.test(name)).map((name) => [name, undefined])); // prettier-ignore
    const before = stateOf(root);
    const run = await dozlabIn(folder, [...EXTEND, '--commit'], nobody);
    expect(run).toMatchObject({ status: 1, stdout: '' });
    expect(run.stderr).toContain('git does not know who commits. Fix:');
    expect(stateOf(root)).toEqual(before);
  });
});

describe('after it wrote files, a command', () => {
  test.each([
    ['the hook pre-commit', CREATE, (root: string) => { addHook(root, 'pre-commit', 'echo "no commits today" >&2; exit 1'); }, 'no commits today'], // prettier-ignore
    ['the hook commit-msg', ['session', 'end', 'carol', '--yes'], (root: string) => { addHook(root, 'commit-msg', 'echo "a ticket is missing" >&2; exit 1'); }, 'a ticket is missing'], // prettier-ignore
    ['the signing program', ['cohort', 'end', 'class', '--yes'], (root: string) => { git(root, 'config', 'commit.gpgSign', 'true'); git(root, 'config', 'gpg.program', 'false'); }, 'gpg failed to sign'], // prettier-ignore
  ])('restores branch, files and index if %s fails', async (_, command, breakIt, message) => {
    const { root, folder } = repositoryWith({ 'notes.md': 'old\n', 'sessions/class/carol.yaml': session('carol') });
    appendFileSync(join(root, 'notes.md'), 'staged\n');
    git(root, 'add', 'notes.md');
    breakIt(root);
    const before = [stateOf(root), contentsOf(join(folder, 'dist')), contentsOf(join(folder, 'sessions'))];
    const run = await dozlabIn(folder, [...command, '--branch', 'bob']);
    expect(run).toMatchObject({ status: 1, stdout: '' });
    expect(run.stderr).toContain(message);
    expect(run.stderr).toContain('nothing is committed, and all files are as before');
    expect([stateOf(root), contentsOf(join(folder, 'dist')), contentsOf(join(folder, 'sessions'))]).toEqual(before);
  });

  test('restores everything if the commit is interrupted', async () => {
    const { root, folder } = repositoryWith();
    addHook(root, 'pre-commit', 'kill -INT $(ps -o ppid= -p $PPID) $PPID; sleep 5');
    const before = [stateOf(root), contentsOf(join(folder, 'dist')), contentsOf(join(folder, 'sessions'))];
    const run = await dozlabProcessIn(folder, [...CREATE, '--branch', 'bob']);
    expect(run).toMatchObject({ status: 1, stdout: '' });
    expect(run.stderr).toContain('nothing is committed, and all files are as before');
    expect([stateOf(root), contentsOf(join(folder, 'dist')), contentsOf(join(folder, 'sessions'))]).toEqual(before);
  });

  test('keeps the commit and says how to continue if the remote refuses the push', async () => {
    const { root, folder, remote } = repositoryWith();
    addHook(root, 'pre-push', 'echo "not on a Friday" >&2; exit 1');
    const run = await dozlabIn(folder, [...EXTEND, '--branch', 'longer', '--push', '-o', 'json']);
    expect(run.status).toBe(1);
    expect(JSON.parse(run.stdout)).toMatchObject({ branch: 'longer', pushed: false });
    expect(run.stderr).toContain('not on a Friday');
    expect(run.stderr).toContain('Fix: git push --set-upstream origin longer');
    expect(git(root, 'rev-parse', 'longer^')).toBe(git(root, 'rev-parse', 'main'));
    expect(git(remote, 'branch', '--list', 'longer')).toBe('');
  });
});

describe('--push', () => {
  test('pushes a new branch and sets its upstream', async () => {
    const { root, folder, remote } = repositoryWith();
    const run = await dozlabIn(folder, [...EXTEND, '--branch', 'longer', '--push', '-o', 'json']);
    expect(run).toMatchObject({ status: 0 });
    expect(JSON.parse(run.stdout)).toMatchObject({ branch: 'longer', pushed: true });
    expect(git(remote, 'rev-parse', 'longer')).toBe(git(root, 'rev-parse', 'HEAD'));
    expect(git(root, 'rev-parse', '--abbrev-ref', 'longer@{upstream}')).toBe('origin/longer');
  });

  test('pushes the current branch, not the branch that it was created from', async () => {
    const { root, folder, remote } = repositoryWith();
    git(root, 'checkout', '--quiet', '-b', 'side', '--track', 'origin/main');
    expect(await dozlabIn(folder, [...EXTEND, '--push'])).toMatchObject({ status: 0 });
    expect(git(remote, 'rev-parse', 'side', 'main^{commit}').split('\n')).toEqual([
      git(root, 'rev-parse', 'side'),
      git(root, 'rev-parse', 'main'),
    ]);
  });

  test('asks to open the request by hand if the remote is a folder', async () => {
    const { folder, remote } = repositoryWith();
    const run = await dozlabIn(folder, [...EXTEND, '--open']);
    expect(run).toMatchObject({ status: 0 });
    expect(run.stderr).toContain('origin is neither at GitHub nor at GitLab: open a request for the branch dozlab/session-class-alice-until-2030-01-02t00-00-00z there'); // prettier-ignore
    expect(git(remote, 'branch', '--list', 'dozlab/*')).not.toBe('');
  });
});
