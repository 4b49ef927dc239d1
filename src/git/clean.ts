import { DozlabError } from '../core/errors';
import { LITERAL, type Repository } from './repository';

/** More than this are counted rather than listed. */
const LISTED = 5;

/** Files of a repository that differ from its last commit, or that it does not have, at some paths or below them. */
export function dirtyPaths(repository: Repository, paths: readonly string[]): string[] {
  if (paths.length === 0) return [];
  const { prefix } = repository;
  // Git compares every file with every path that it is given: it is given few.
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

/** Those of some paths which rules of .gitignore keep out of the repository. */
export function ignoredPaths(repository: Repository, paths: readonly string[]): string[] {
  if (paths.length === 0) return [];
  const found = repository.ask(['check-ignore', '-z', '--stdin'], paths.join('\0'));
  return (found ?? '').split('\0').filter(Boolean);
}

/** @throws DozlabError with code `unfit-repository` when one of the files is not as in the last commit */
export function refuseDirty(repository: Repository, paths: readonly string[]): void {
  const dirty = dirtyPaths(repository, paths);
  if (dirty.length === 0) return;
  throw new DozlabError(
    'unfit-repository',
    `${shownPaths(dirty)}: not as in the last commit, and the change builds on it; commit that first, or git stash it`,
  );
}

/** @throws DozlabError with code `unfit-repository` when one of the files would not get into a commit */
export function refuseIgnored(repository: Repository, paths: readonly string[]): void {
  const ignored = ignoredPaths(repository, paths);
  if (ignored.length === 0) return;
  throw new DozlabError(
    'unfit-repository',
    `${shownPaths(ignored)}: ignored by git, so that no commit can hold it; .gitignore says so`,
  );
}

/** Some paths in a line, none of which can break it. */
export function shownPaths(paths: readonly string[]): string {
  const shown = paths.slice(0, LISTED).map((path) => path.replace(/[\x00-\x1f\x7f-\x9f]/g, '�'));
  const rest = paths.length - shown.length;
  return `${shown.join(', ')}${rest > 0 ? ` and ${String(rest)} more` : ''}`;
}
