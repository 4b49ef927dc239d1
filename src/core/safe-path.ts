import { accessSync, constants, lstatSync, mkdirSync, readFileSync, type Stats, readdirSync, rmdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import { DozlabError } from './errors';

/** No write follows a symbolic link. */

/** `a`, `a/b` and `a/b/c` for `a/b/c`. */
export const foldersTo = (path: string): string[] =>
  path.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'));

export function splitPath(path: string): readonly [folder: string, name: string] {
  const end = path.lastIndexOf('/');
  return [path.slice(0, Math.max(end, 0)), path.slice(end + 1)];
}

/**
 * @returns the first folder that it created
 * @throws DozlabError with code `unsafe-path` if a symbolic link is on the path
 */
export function makeFolder(folder: string, path: string): string | undefined {
  for (const part of foldersTo(path)) refuseLink(folder, part);
  return mkdirSync(join(folder, path), { recursive: true });
}

/** @throws DozlabError with code `unsafe-path` if a symbolic link is on the path */
export function refuseLink(folder: string, path: string): void {
  const place = join(folder, path);
  if (statOf(place)?.isSymbolicLink() === true) throw linkRefused(place);
}

export const linkRefused = (place: string): DozlabError =>
  new DozlabError(
    'unsafe-path',
    `${place} is a symbolic link: files are only written inside their own folder; remove the link`,
  );

/** Does not follow links. */
export function statOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false }); // Faster than catching ENOENT.
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

/** Undefined for a file that cannot be read. */
export function readableText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** A path of this system with `/` between its parts. */
export const withSlashes = (path: string): string => path.split(sep).join('/');

export const pathExists = (folder: string, path: string): boolean => statOf(join(folder, path)) !== undefined;

export function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Also removes empty parents up to `folder`. */
export function removeEmptyFolders(folder: string, path: string): void {
  for (const part of path === '.' ? [] : foldersTo(path).reverse()) {
    if (readdirSync(join(folder, part)).length > 0) return;
    rmdirSync(join(folder, part));
  }
}
