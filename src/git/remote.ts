import { DozlabError } from '../core/errors';
import { maskSecretsOf, remoteAddress, type RemoteAddress } from './remote-url';
import type { Repository } from './repository';

export interface Remote {
  readonly name: string;
  readonly branch: string;
  /** Undefined for a folder. */
  readonly address: RemoteAddress | undefined;
}

export interface RemoteState {
  readonly defaultBranch: string | undefined;
  /** Undefined without the branch. */
  readonly commit: string | undefined;
}

/**
 * Order of Git: branch, configuration, upstream, only remote, `origin`.
 * @throws DozlabError with code `unfit-repository` without a remote, or if none of several is configured
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

/** @throws DozlabError with code `failed-tool` if the remote does not answer */
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

/** @throws DozlabError with code `unfit-repository` if the remote has commits that HEAD lacks */
export function refuseBehind(repository: Repository, { name, branch }: Remote, { commit }: RemoteState): void {
  if (commit === undefined) return;
  const isHere = repository.commit(commit) !== undefined;
  if (isHere && repository.ask(['merge-base', '--is-ancestor', commit, 'HEAD']) !== undefined) return;
  throw new DozlabError(
    'unfit-repository',
    `${name}/${branch} has commits that the current branch lacks. Fix: git pull`,
  );
}

/** @throws DozlabError with code `failed-tool` and the message of git or the remote */
export function push(repository: Repository, branch: string, remote: Remote): void {
  const refs = `refs/heads/${branch}:refs/heads/${remote.branch}`;
  repository.runLong('to push', ['push', '--quiet', '--set-upstream', remote.name, refs]);
}
