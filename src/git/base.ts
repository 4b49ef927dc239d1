import { DozlabError } from '../core/errors';
import type { Repository } from './repository';

/** What a change is compared with. */
export interface Base {
  /** What was asked for, or found: a branch, a tag or a commit. */
  readonly ref: string;
  /** Id of the commit that is compared with: where the change branched off. */
  readonly commit: string;
  /** False where the two have no commit in common here, so that `ref` itself is compared with. */
  readonly isCommon: boolean;
}

/** Where a change is to be merged when nobody says it. */
const DEFAULTS = ['origin/HEAD', 'origin/main', 'origin/master', 'main', 'master'];

/**
 * The commit from which the current one branched off: what a pull request shows its change against.
 * @param ref the branch that the change is for; that of the remote, or main or master, when it is not given
 * @throws DozlabError with code `invalid-usage` when there is no such branch
 */
export function baseOf(repository: Repository, ref?: string): Base {
  const [found] = (ref === undefined ? DEFAULTS : [ref]).flatMap((name) => {
    const commit = repository.commit(name);
    return commit === undefined ? [] : [{ name, commit }];
  });
  if (found === undefined)
    throw new DozlabError(
      'invalid-usage',
      ref === undefined
        ? `there is none of ${DEFAULTS.join(', ')}; accepted: --base with the branch that the change is for`
        : `--base is ${JSON.stringify(ref)}, which git does not know; accepted: a branch, tag or commit that is in this clone`,
    );
  const common = repository.ask(['merge-base', 'HEAD', found.commit]);
  return { ref: found.name, commit: common ?? found.commit, isCommon: common !== undefined };
}
