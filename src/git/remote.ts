import { DozlabError } from '../core/errors';
import { keepSecretsOf, remoteAddress, type RemoteAddress } from './remote-url';
import type { Repository } from './repository';

/** Where a branch is pushed to. */
export interface Remote {
  readonly name: string;
  /** Name that the branch has there. */
  readonly branch: string;
  /** Undefined for a folder, and for what is not understood. */
  readonly address: RemoteAddress | undefined;
}

/** What a remote says before anything is pushed to it. */
export interface RemoteState {
  /** Its default branch, if it has one. */
  readonly defaultBranch: string | undefined;
  /** Commit of the branch there, if it has the branch. */
  readonly commit: string | undefined;
}

/**
 * The remote that a branch goes to: the one that it is set to push to, that of its upstream, the only one, or `origin`.
 * @param current the branch that is checked out; undefined when none is
 * @param given a branch that is yet to be made
 * @throws DozlabError with code `unfit-repository` when there is none, or none of several is meant
 */
export function remoteFor(repository: Repository, current: string | undefined, given?: string): Remote {
  const names = repository.run('to list remotes', ['remote']).split('\n').filter(Boolean);
  if (names.length === 0)
    throw new DozlabError('unfit-repository', 'there is no remote to push to: git remote add origin URL');
  const set = (key: string): string | undefined => repository.ask(['config', '--get', key]);
  const ofBranch = (key: string): string | undefined =>
    current === undefined ? undefined : set(`branch.${current}.${key}`);
  const wanted = [
    ofBranch('pushRemote'),
    set('remote.pushDefault'),
    ofBranch('remote'),
    ...(names.length === 1 ? names : []),
    'origin',
  ];
  const name = wanted.find((each) => each !== undefined && names.includes(each));
  if (name === undefined)
    throw new DozlabError(
      'unfit-repository',
      `there are several remotes (${names.join(', ')}), and none is set: git config remote.pushDefault ${names[0] ?? 'NAME'}`,
    );
  // The upstream may be another branch, such as the one that this was made from: nothing is pushed to that.
  return { name, branch: given ?? current ?? '', address: addressOf(repository, name) };
}

function addressOf(repository: Repository, name: string): RemoteAddress | undefined {
  const url = repository.ask(['remote', 'get-url', '--push', name]) ?? '';
  keepSecretsOf(url);
  return remoteAddress(url);
}

/**
 * Asks a remote. Needs the network.
 * @throws DozlabError with code `failed-tool` when it does not answer
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
 * Finds out whether a push would go through, as far as can be known.
 * @throws DozlabError with code `unfit-repository` when the remote has what is not here
 */
export function refuseBehind(repository: Repository, { name, branch }: Remote, { commit }: RemoteState): void {
  if (commit === undefined) return;
  const isHere = repository.commit(commit) !== undefined;
  if (isHere && repository.ask(['merge-base', '--is-ancestor', commit, 'HEAD']) !== undefined) return;
  throw new DozlabError('unfit-repository', `${name}/${branch} has commits that are not here: git pull first`);
}

/**
 * Pushes a branch, and makes that its upstream.
 * @throws DozlabError with code `failed-tool` with what git or the remote says
 */
export function push(repository: Repository, branch: string, remote: Remote): void {
  const refs = `refs/heads/${branch}:refs/heads/${remote.branch}`;
  repository.runLong('to push', ['push', '--quiet', '--set-upstream', remote.name, refs]);
}
