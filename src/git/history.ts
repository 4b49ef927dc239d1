import { DozlabError } from '../core/errors';
import { shownValue } from '../core/redact';
import { remoteAddress } from './remote-url';
import type { Repository } from './repository';

export interface Base {
  readonly ref: string;
  /** The commit of `ref` if this clone has no common one. */
  readonly commit: string;
  readonly isCommon: boolean;
}

const DEFAULT_BASES = ['origin/HEAD', 'origin/main', 'origin/master', 'main', 'master'];

/**
 * @param ref by default the remote's branch, else main or master
 * @throws DozlabError with code `invalid-usage` if no such branch exists
 */
export function baseOf(repository: Repository, ref?: string): Base {
  const [found] = (ref === undefined ? DEFAULT_BASES : [ref]).flatMap((name) => {
    const commit = repository.commit(name);
    return commit === undefined ? [] : [{ name, commit }];
  });
  if (found === undefined)
    throw new DozlabError(
      'invalid-usage',
      ref === undefined
        ? `none of ${DEFAULT_BASES.join(', ')} exists. Fix: set --base to the branch that the change is for`
        : `--base is ${shownValue(['base'], ref)}, which does not exist in this clone. Fix: use a branch, tag or commit of this clone`,
    );
  const common = repository.ask(['merge-base', 'HEAD', found.commit]);
  return { ref: found.name, commit: common ?? found.commit, isCommon: common !== undefined };
}

/** OCI, "Annotations". */
export interface Origin {
  readonly created?: string;
  readonly source?: string;
  /** `main@sha1:…` (Flux, RFC-0005). */
  readonly revision?: string;
}

const SHA1_LENGTH = 40;

/**
 * @param source by default the page of `origin`
 * @throws DozlabError with code `unfit-repository` without a commit
 */
export function originOf(repository: Repository, source?: string): Origin {
  const commit = repository.headCommit();
  const branch = repository.branch();
  const seconds = repository.run('to read the commit', ['show', '-s', '--no-show-signature', '--format=%ct', commit]);
  const url = source ?? remotePage(repository);
  const algorithm = commit.length === SHA1_LENGTH ? 'sha1' : 'sha256';
  return {
    created: new Date(Number(seconds) * 1000).toISOString().replace('.000Z', 'Z'),
    ...(url === undefined ? {} : { source: url }),
    revision: `${branch === undefined ? '' : `${branch}@`}${algorithm}:${commit}`,
  };
}

/** The remote's URL can contain a password. */
function remotePage(repository: Repository): string | undefined {
  const address = remoteAddress(repository.ask(['remote', 'get-url', 'origin']) ?? '');
  return address === undefined ? undefined : `${address.web}/${address.path}`;
}
