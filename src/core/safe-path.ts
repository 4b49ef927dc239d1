import { accessSync, constants, lstatSync, mkdirSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { DozlabError } from './errors';

/** Paths below a folder that nothing is written through a symbolic link at. */

/** `a`, `a/b` and `a/b/c` for `a/b/c`. */
export const foldersTo = (path: string): string[] =>
  path.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'));

/** The folder and the name of a path; the folder is empty for a file at the top. */
export function splitPath(path: string): readonly [folder: string, name: string] {
  const end = path.lastIndexOf('/');
  return [path.slice(0, Math.max(end, 0)), path.slice(end + 1)];
}

/**
 * Makes a folder below another one, with those around it.
 * @returns the first folder that was made, if any was
 * @throws DozlabError with code `unsafe-path` when a symbolic link leads to it
 */
export function makeFolder(folder: string, path: string): string | undefined {
  for (const part of foldersTo(path)) refuseLink(folder, part);
  return mkdirSync(join(folder, path), { recursive: true });
}

/** @throws DozlabError with code `unsafe-path` when there is a symbolic link */
export function refuseLink(folder: string, path: string): void {
  const place = join(folder, path);
  if (statOf(place)?.isSymbolicLink() === true) throw linkRefused(place);
}

/** What is said of a symbolic link where a file of ours goes. */
export const linkRefused = (place: string): DozlabError =>
  new DozlabError(
    'unsafe-path',
    `${place} is a symbolic link: files are only written inside their own folder; remove the link`,
  );

/** What lies at a path, links not followed; undefined when nothing does. */
export function statOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false }); // an error takes longer than the question
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

/** Whether there is something at a path below a folder. */
export const isThere = (folder: string, path: string): boolean => statOf(join(folder, path)) !== undefined;

/** Whether something may be put into a folder. */
export function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
