import { DozlabError } from '../core/errors';
import type { Head } from './head';
import type { Repository } from './repository';

/** Longest part of a summary in the name of a branch. */
const LONGEST = 60;

/** A name of a branch for a change: `dozlab/session-class-alice-ended`. */
export function branchNameOf(summary: string): string {
  const words = summary
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST)
    .replace(/^-+|-+$/g, '');
  return `dozlab/${words === '' ? 'change' : words}`;
}

/**
 * Finds out whether a branch of that name can be made.
 * @throws DozlabError with code `invalid-usage` when it cannot be the name of a branch, and `unfit-repository` when there is one
 */
export function checkNewBranch(repository: Repository, name: string): void {
  if (name.startsWith('-') || repository.ask(['check-ref-format', '--branch', name]) !== name)
    throw new DozlabError(
      'invalid-usage',
      `--branch is ${JSON.stringify(name)}; accepted: the name of a branch, such as alice-longer (git help check-ref-format)`,
    );
  const branches = listed(repository, 'refs/heads/');
  if (branches.includes(name))
    throw new DozlabError('unfit-repository', `there is a branch ${name} already; accepted: another --branch`);
  const remotes = repository.run('to list remotes', ['remote']).split('\n').filter(Boolean);
  const tracked = listed(repository, 'refs/remotes/');
  const elsewhere = remotes.find((remote) => tracked.includes(`${remote}/${name}`));
  if (elsewhere !== undefined) throw branchIsThere(elsewhere, name);
  const inTheWay = branches.find((each) => name.startsWith(`${each}/`) || each.startsWith(`${name}/`));
  if (inTheWay !== undefined)
    throw new DozlabError(
      'unfit-repository',
      `there is a branch ${inTheWay}, beside which there can be none named ${name}; accepted: another --branch`,
    );
}

/** What is wrong with the name of a branch that a remote has. */
export const branchIsThere = (remote: string, name: string): DozlabError =>
  new DozlabError('unfit-repository', `${remote} has a branch ${name} already; accepted: another --branch`);

const listed = (repository: Repository, prefix: string): string[] =>
  repository
    .run('to list branches', ['for-each-ref', '--format=%(refname)', prefix])
    .split('\n')
    .flatMap((ref) => (ref === '' ? [] : [ref.slice(prefix.length)]));

/** Makes a branch at the current commit and goes over to it; no file changes, and nothing that is staged. */
export function makeBranch(repository: Repository, name: string): void {
  repository.run('to make a branch', ['branch', '--no-track', name, 'HEAD']);
  repository.run('to go over to the branch', [
    'symbolic-ref',
    '-m',
    `dozlab: to ${name}`,
    'HEAD',
    `refs/heads/${name}`,
  ]);
}

/** Takes that back. */
export function unmakeBranch(repository: Repository, name: string, { branch, commit }: Head): void {
  const back =
    branch === undefined
      ? ['update-ref', '--no-deref', 'HEAD', commit]
      : ['symbolic-ref', '-m', 'dozlab: back', 'HEAD', `refs/heads/${branch}`];
  repository.run('to go back', back);
  repository.ask(['branch', '--quiet', '-D', name]);
}
