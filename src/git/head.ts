import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { DozlabError } from '../core/errors';
import type { Repository } from './repository';

/** What is checked out. */
export interface Head {
  /** Name of the branch; undefined when the head is detached. */
  readonly branch: string | undefined;
  readonly commit: string;
}

/** Files that Git has while something goes on, and how that is called. */
const UNDER_WAY: Readonly<Record<string, string>> = {
  MERGE_HEAD: 'a merge',
  'rebase-merge': 'a rebase',
  'rebase-apply': 'a rebase',
  CHERRY_PICK_HEAD: 'a cherry-pick',
  REVERT_HEAD: 'a revert',
  BISECT_LOG: 'a bisection',
  'index.lock': 'another git command (if there is none, it has left the file index.lock)',
};

/**
 * What is checked out in a repository that a commit can be made in.
 * @throws DozlabError with code `unfit-repository` without a commit, without a name for its author, or while something else goes on
 */
export function readyHead(repository: Repository): Head {
  const commit = repository.commit('HEAD');
  if (commit === undefined)
    throw new DozlabError('unfit-repository', 'the repository has no commit yet: make the first one by yourself');
  refuseUnderWay(repository);
  for (const who of ['GIT_AUTHOR_IDENT', 'GIT_COMMITTER_IDENT'])
    if (repository.ask(['var', who]) === undefined)
      throw new DozlabError(
        'unfit-repository',
        'git does not know who makes the commit: git config --global user.name NAME, and user.email ADDRESS',
      );
  return { branch: repository.branch(), commit };
}

function refuseUnderWay(repository: Repository): void {
  const names = Object.keys(UNDER_WAY);
  const asked = names.flatMap((name) => ['--git-path', name]);
  const places = repository.run('to read the repository', ['rev-parse', ...asked]).split('\n');
  for (const [index, name] of names.entries())
    if (existsSync(resolve(repository.root, places[index] ?? '')))
      throw new DozlabError(
        'unfit-repository',
        `${UNDER_WAY[name] ?? name} is under way in the repository: finish or abort it first`,
      );
}
