import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { DozlabError } from '../core/errors';
import { shownValue } from '../core/redact';
import type { Repository } from './repository';

export interface Head {
  /** Undefined with a detached HEAD. */
  readonly branch: string | undefined;
  readonly commit: string;
}

const OPERATIONS: Readonly<Record<string, string>> = {
  MERGE_HEAD: 'a merge',
  'rebase-merge': 'a rebase',
  'rebase-apply': 'a rebase',
  CHERRY_PICK_HEAD: 'a cherry-pick',
  REVERT_HEAD: 'a revert',
  BISECT_LOG: 'a bisect',
};

/** @throws DozlabError with code `unfit-repository` without a commit or author, or during a merge or rebase */
export function readyHead(repository: Repository): Head {
  const commit = repository.headCommit();
  refuseOperation(repository);
  for (const name of ['GIT_AUTHOR_IDENT', 'GIT_COMMITTER_IDENT'])
    if (repository.ask(['var', name]) === undefined)
      throw new DozlabError(
        'unfit-repository',
        'git does not know who commits. Fix: git config --global user.name NAME, and user.email ADDRESS',
      );
  return { branch: repository.branch(), commit };
}

function refuseOperation(repository: Repository): void {
  const names = [...Object.keys(OPERATIONS), 'index.lock'];
  const asked = names.flatMap((name) => ['--git-path', name]);
  const paths = repository.run('to read the repository', ['rev-parse', ...asked]).split('\n');
  for (const [index, name] of names.entries()) {
    if (!existsSync(resolve(repository.root, paths[index] ?? ''))) continue;
    const operation = OPERATIONS[name];
    throw new DozlabError(
      'unfit-repository',
      operation === undefined
        ? 'another git command runs in the repository. Fix: wait for it; if none runs, delete the file index.lock that it left'
        : `${operation} is in progress in the repository. Fix: finish or abort it`,
    );
  }
}

const MAX_SUMMARY_LENGTH = 60;

/** Example: `dozlab/session-class-alice-ended`. */
export function branchNameOf(summary: string): string {
  const words = summary
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_SUMMARY_LENGTH)
    .replace(/^-+|-+$/g, '');
  return `dozlab/${words === '' ? 'change' : words}`;
}

/** @throws DozlabError with code `invalid-usage` or, if the name exists, `unfit-repository` */
export function checkNewBranch(repository: Repository, name: string): void {
  if (name.startsWith('-') || repository.ask(['check-ref-format', '--branch', name]) !== name)
    throw new DozlabError(
      'invalid-usage',
      `--branch is ${shownValue(['branch'], name)}, which is not a branch name. Fix: use a name such as alice-longer (git help check-ref-format)`,
    );
  const branches = refsBelow(repository, 'refs/heads/');
  if (branches.includes(name))
    throw new DozlabError('unfit-repository', `the branch ${name} exists. Fix: use another --branch`);
  const tracked = refsBelow(repository, 'refs/remotes/');
  const remote = repository.remotes().find((each) => tracked.includes(`${each}/${name}`));
  if (remote !== undefined) throw branchExistsAt(remote, name);
  const conflicting = branches.find((each) => name.startsWith(`${each}/`) || each.startsWith(`${name}/`));
  if (conflicting !== undefined)
    throw new DozlabError(
      'unfit-repository',
      `git cannot store the branch ${name} beside the branch ${conflicting}. Fix: use another --branch`,
    );
}

export const branchExistsAt = (remote: string, name: string): DozlabError =>
  new DozlabError('unfit-repository', `the branch ${name} exists at ${remote}. Fix: use another --branch`);

const refsBelow = (repository: Repository, prefix: string): string[] =>
  repository
    .run('to list branches', ['for-each-ref', '--format=%(refname)', prefix])
    .split('\n')
    .flatMap((ref) => (ref === '' ? [] : [ref.slice(prefix.length)]));

/** Changes neither files nor index. */
export function createBranch(repository: Repository, name: string): void {
  repository.run('to create a branch', ['branch', '--no-track', name, 'HEAD']);
  repository.run('to switch to the branch', ['symbolic-ref', '-m', `dozlab: to ${name}`, 'HEAD', `refs/heads/${name}`]);
}

export function removeBranch(repository: Repository, name: string, { branch, commit }: Head): void {
  const back =
    branch === undefined
      ? ['update-ref', '--no-deref', 'HEAD', commit]
      : ['symbolic-ref', '-m', 'dozlab: back', 'HEAD', `refs/heads/${branch}`];
  repository.run('to switch back', back);
  repository.ask(['branch', '--quiet', '-D', name]);
}
