import { DozlabError } from '../core/errors';
import { remoteAddress } from './remote-url';
import type { Repository } from './repository';

/** Where files come from, as artifacts tell it (OCI, "Annotations"). */
export interface Origin {
  /** The time of the commit. */
  readonly created?: string;
  /** URL of the repository. */
  readonly source?: string;
  /** The commit, as Flux writes it: `main@sha1:…` (Flux, RFC-0005). */
  readonly revision?: string;
}

/**
 * Where the files of the last commit come from. It depends on nothing but the commit, its branch and the remote.
 * @param source URL of the repository, where it is known
 * @throws DozlabError with code `unfit-repository` without a commit
 */
export function originOf(repository: Repository, source?: string): Origin {
  const commit = repository.commit('HEAD');
  if (commit === undefined)
    throw new DozlabError('unfit-repository', 'the repository has no commit yet: make the first one by yourself');
  const branch = repository.branch();
  const seconds = repository.run('to read the commit', ['show', '-s', '--no-show-signature', '--format=%ct', commit]);
  const from = source ?? pageOf(repository);
  return {
    created: new Date(Number(seconds) * 1000).toISOString().replace('.000Z', 'Z'),
    ...(from === undefined ? {} : { source: from }),
    revision: `${branch === undefined ? '' : `${branch}@`}${commit.length === SHA1 ? 'sha1' : 'sha256'}:${commit}`,
  };
}

/** How long an id of SHA-1 is. */
const SHA1 = 40;

/** The page of the remote, in whose URL there may be a password. */
function pageOf(repository: Repository): string | undefined {
  const address = remoteAddress(repository.ask(['remote', 'get-url', 'origin']) ?? '');
  return address === undefined ? undefined : `${address.web}/${address.path}`;
}
