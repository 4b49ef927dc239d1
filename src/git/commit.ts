import { DozlabError } from '../core/errors';
import { LITERAL, type Repository } from './repository';

/**
 * Commits some files, and nothing else that is staged or changed. Hooks run and signatures are made, as the user has it.
 * @returns the id of the commit
 * @throws DozlabError with code `failed-tool` with what git or a hook says; the index is as before
 */
export function commitFiles(repository: Repository, summary: string, paths: readonly string[]): string {
  const list = paths.join('\0');
  const fromList = ['--pathspec-from-file=-', '--pathspec-file-nul'];
  try {
    repository.run('to add files', [LITERAL, 'add', '--all', ...fromList], list);
    const options = ['--quiet', '--only', '--message', summary, ...fromList];
    repository.runLong('to commit', [LITERAL, 'commit', ...options], list);
  } catch (error) {
    // What git says of the commit is what counts.
    repository.ask([LITERAL, 'reset', '--quiet', ...fromList], list);
    throw error;
  }
  const commit = repository.commit('HEAD');
  if (commit === undefined) throw new DozlabError('failed-tool', 'git has made no commit');
  return commit;
}
