import { DozlabError } from '../core/errors';
import type { CommitMessage } from './commit-message';
import { LITERAL, type Repository } from './repository';

/**
 * Leaves other staged changes alone.
 * @throws DozlabError with code `failed-tool` and the message of git or a hook; the index is as before
 */
export function commitFiles(
  repository: Repository,
  { subject, body }: CommitMessage,
  paths: readonly string[],
): string {
  const list = paths.join('\0');
  const fromList = ['--pathspec-from-file=-', '--pathspec-file-nul'];
  try {
    repository.run('to add files', [LITERAL, 'add', '--all', ...fromList], list);
    const options = [
      '--quiet',
      '--only',
      ...[subject, ...(body === '' ? [] : [body])].flatMap((part) => ['--message', part]),
      ...fromList,
    ];
    repository.runLong('to commit', [LITERAL, 'commit', ...options], list);
  } catch (error) {
    repository.ask([LITERAL, 'reset', '--quiet', ...fromList], list);
    throw error;
  }
  const commit = repository.commit('HEAD');
  if (commit === undefined) throw new DozlabError('failed-tool', 'git made no commit');
  return commit;
}

function dirtyPaths(repository: Repository, paths: readonly string[]): string[] {
  if (paths.length === 0) return [];
  const { prefix } = repository;
  // Git compares every file with every path, so it gets the folders below the project only.
  const tops = new Set(paths.map((path) => prefix + (path.slice(prefix.length).split('/')[0] ?? '')));
  const options = ['--porcelain=v1', '-z', '--no-renames', '--untracked-files=all', '--ignore-submodules=all'];
  const wanted = new Set(paths);
  const isWanted = (path: string): boolean =>
    path.split('/').some((_, index, parts) => wanted.has(parts.slice(0, index + 1).join('/')));
  return repository
    .run('to look for changes', [LITERAL, '--no-optional-locks', 'status', ...options, '--', ...tops])
    .split('\0')
    .map((entry) => entry.slice('XY '.length))
    .filter((path) => path !== '' && isWanted(path));
}

export function ignoredPaths(repository: Repository, paths: readonly string[]): string[] {
  if (paths.length === 0) return [];
  const found = repository.ask(['check-ignore', '-z', '--stdin'], paths.join('\0'));
  return (found ?? '').split('\0').filter(Boolean);
}

export function uncommittedError(repository: Repository, paths: readonly string[]): DozlabError | undefined {
  const dirty = dirtyPaths(repository, paths);
  if (dirty.length === 0) return undefined;
  return new DozlabError(
    'unfit-repository',
    `${shownPaths(dirty)}: not as in the last commit. Fix: commit it, or run git stash`,
  );
}

export function ignoredError(repository: Repository, paths: readonly string[]): DozlabError | undefined {
  const ignored = ignoredPaths(repository, paths);
  if (ignored.length === 0) return undefined;
  return new DozlabError(
    'unfit-repository',
    `${shownPaths(ignored)}: git ignores it, so a commit cannot contain it. Fix: git check-ignore -v shows the rule`,
  );
}

const SHOWN_PATHS = 5;

function shownPaths(paths: readonly string[]): string {
  const shown = paths.slice(0, SHOWN_PATHS).map((path) => path.replace(/[\x00-\x1f\x7f-\x9f]/g, '�'));
  const rest = paths.length - shown.length;
  return `${shown.join(', ')}${rest > 0 ? ` and ${String(rest)} more` : ''}`;
}
