import { DozlabError } from '../core/errors';
import { maskSecretsOf, remoteAddress, type RemoteAddress } from './remote-url';
import type { Repository } from './repository';

/** Where a branch is pushed to. */
export interface Remote {
  readonly name: string;
  /** Name of the branch there. */
  readonly branch: string;
  /** Undefined if the URL names no host, as a folder does. */
  readonly address: RemoteAddress | undefined;
}

/** What a remote has before a push. */
export interface RemoteState {
  readonly defaultBranch: string | undefined;
  /** Commit of the branch; undefined if the remote lacks the branch. */
  readonly commit: string | undefined;
}

/**
 * The remote to push to, in Git's order: of the branch, of the configuration, of the upstream, the only one, `origin`.
 * @param current the current branch; undefined with a detached HEAD
 * @param branch a branch that will be created
 * @throws DozlabError with code `unfit-repository` without a remote, or if the configuration selects none of several
 */
export function remoteFor(repository: Repository, current: string | undefined, branch?: string): Remote {
  const names = repository.remotes();
  if (names.length === 0)
    throw new DozlabError('unfit-repository', 'the repository has no remote. Fix: git remote add origin URL');
  const setting = (key: string): string | undefined => repository.ask(['config', '--get', key]);
  const branchSetting = (key: string): string | undefined =>
    current === undefined ? undefined : setting(`branch.${current}.${key}`);
  const candidates = [
    branchSetting('pushRemote'),
    setting('remote.pushDefault'),
    branchSetting('remote'),
    ...(names.length === 1 ? names : []),
    'origin',
  ];
  const name = candidates.find((each) => each !== undefined && names.includes(each));
  if (name === undefined)
    throw new DozlabError(
      'unfit-repository',
      `the repository has several remotes (${names.join(', ')}). Fix: git config remote.pushDefault ${names[0] ?? 'NAME'}`,
    );
  // Not the upstream's branch: it can be the branch that this one was created from.
  return { name, branch: branch ?? current ?? '', address: pushAddress(repository, name) };
}

function pushAddress(repository: Repository, name: string): RemoteAddress | undefined {
  const url = repository.ask(['remote', 'get-url', '--push', name]) ?? '';
  maskSecretsOf(url);
  return remoteAddress(url);
}

/**
 * Asks the remote for its branches, over the network.
 * @throws DozlabError with code `failed-tool` if it does not answer
 */
export function remoteState(repository: Repository, { name, branch }: Remote): RemoteState {
  const ref = `refs/heads/${branch}`;
  const lines = repository
    .run(`to ask the remote ${name}`, ['ls-remote', '--symref', name, 'HEAD', ref])
    .split('\n')
    .map((line) => line.split('\t'));
  const head = lines.find(([target = '', of]) => target.startsWith('ref: ') && of === 'HEAD')?.[0];
  return {
    defaultBranch: head?.replace(/^ref: (refs\/heads\/)?/, ''),
    commit: lines.find(([, of]) => of === ref)?.[0],
  };
}

/**
 * Checks that the remote would accept a push.
 * @throws DozlabError with code `unfit-repository` if its branch has commits that HEAD lacks
 */
export function refuseBehind(repository: Repository, { name, branch }: Remote, { commit }: RemoteState): void {
  if (commit === undefined) return;
  const isHere = repository.commit(commit) !== undefined;
  if (isHere && repository.ask(['merge-base', '--is-ancestor', commit, 'HEAD']) !== undefined) return;
  throw new DozlabError(
    'unfit-repository',
    `${name}/${branch} has commits that the current branch lacks. Fix: git pull`,
  );
}

/**
 * Pushes a branch and sets its upstream.
 * @throws DozlabError with code `failed-tool` and the message of git or of the remote
 */
export function push(repository: Repository, branch: string, remote: Remote): void {
  const refs = `refs/heads/${branch}:refs/heads/${remote.branch}`;
  repository.runLong('to push', ['push', '--quiet', '--set-upstream', remote.name, refs]);
}
