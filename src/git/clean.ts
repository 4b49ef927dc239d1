import { DozlabError } from '../errors';
import type { Repository } from './repository';

/** More than this are counted rather than listed. */
const LISTED = 5;

/** Paths of a repository that differ from its last commit, or that it does not have, below some paths. */
export function dirtyPaths(repository: Repository, paths: readonly string[]): string[] {
  if (paths.length === 0) return [];
  const options = ['--porcelain=v1', '-z', '--no-renames', '--untracked-files=all', '--ignore-submodules=all'];
  const found = inParts(paths, (part) => repository.run('to look for changes', ['status', ...options, '--', ...part]));
  return found.map((entry) => entry.slice('XY '.length));
}

/** Those of some paths which rules of .gitignore keep out of the repository. */
export function ignoredPaths(repository: Repository, paths: readonly string[]): string[] {
  if (paths.length === 0) return [];
  return inParts(paths, (part) => repository.ask(['check-ignore', '-z', '--', ...part]) ?? '');
}

/** As many paths at once as a command line takes. */
const AT_ONCE = 500;

function inParts(paths: readonly string[], run: (part: readonly string[]) => string): string[] {
  const found: string[] = [];
  for (let index = 0; index < paths.length; index += AT_ONCE)
    found.push(
      ...run(paths.slice(index, index + AT_ONCE))
        .split('\0')
        .filter(Boolean),
    );
  return Array.from(new Set(found));
}

/** @throws DozlabError with code `unfit-repository` when one of the files is not as in the last commit */
export function refuseDirty(repository: Repository, paths: readonly string[]): void {
  const dirty = dirtyPaths(repository, paths);
  if (dirty.length === 0) return;
  throw new DozlabError(
    'unfit-repository',
    `${shownPaths(dirty)}: not as in the last commit, and part of the change; commit that first, or git stash it`,
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
