import { accessSync, chmodSync, constants, readFileSync, renameSync, rmSync, rmdirSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DozlabError } from '../core/errors';
import type { FileChange } from '../source/changes';
import { removeEmptyFolders } from '../core/empty-folders';
import { removeLeftBehind, stageFile } from '../core/replace-file';
import { foldersTo, makeFolder, refuseLink, statOf } from '../core/safe-path';

interface Staged {
  readonly temporary: string;
  readonly path: string;
}

/**
 * Makes files of a project what they are to be. All contents are on the disk before the first file is replaced, and nothing is removed
 * before everything is written: where one cannot be written, or somebody has changed one since it was read, none is.
 * @throws DozlabError with code `write-failed` or `unsafe-path`
 */
export function writeChanges(project: string, files: readonly FileChange[]): void {
  const staged: Staged[] = [];
  const folders: string[] = [];
  try {
    const removed = files.filter(({ content }) => content === undefined).map(({ path }) => path);
    for (const path of removed) checkRemovable(project, path);
    for (const folder of new Set(files.flatMap(({ path, content }) => (content === undefined ? [] : [dirname(path)]))))
      folders.push(...prepared(project, folder));
    for (const { path, content } of files) {
      if (content === undefined) continue;
      refuseLink(project, path);
      staged.push({ temporary: stagedBeside(project, path, content), path });
    }
    for (const file of files) refuseOvertaken(project, file);
    for (const { temporary, path } of staged) renameSync(temporary, join(project, path));
    for (const path of removed) unlinkSync(join(project, path));
    for (const folder of new Set(removed.map((path) => dirname(path)))) removeEmptyFolders(project, folder);
  } catch (error) {
    for (const { temporary } of staged) rmSync(temporary, { force: true });
    for (const folder of folders.reverse()) removeIfEmpty(folder);
    if (error instanceof DozlabError) throw error;
    const { code = 'unknown error', path = project } = error as NodeJS.ErrnoException;
    throw new DozlabError('write-failed', `the project cannot be changed: ${path} (${code})`, { cause: error });
  }
}

/** Writes a file beside the one that it is to replace, with the rights of that. */
function stagedBeside(project: string, path: string, content: string): string {
  const temporary = stageFile(join(project, path), content);
  const there = statOf(join(project, path));
  if (there !== undefined) chmodSync(temporary, there.mode & 0o777);
  return temporary;
}

/** @throws DozlabError with code `write-failed` when somebody has changed a file since it was read */
function refuseOvertaken(project: string, { path, before }: FileChange): void {
  if (before === undefined || (textAt(join(project, path)) ?? null) === before) return;
  throw new DozlabError(
    'write-failed',
    `${path} has been changed meanwhile: nothing was written; accepted: the same command again`,
  );
}

/** The text of a file; undefined when there is none. */
const textAt = (path: string): string | undefined =>
  statOf(path) === undefined ? undefined : readFileSync(path, 'utf8');

/** Makes a folder, and gives those that were not there. */
function prepared(project: string, folder: string): string[] {
  const missing = foldersTo(folder).filter((part) => statOf(join(project, part)) === undefined);
  makeFolder(project, folder);
  removeLeftBehind(join(project, folder));
  return missing.map((part) => join(project, part));
}

/** Finds out beforehand what would keep a file from being removed. */
function checkRemovable(project: string, path: string): void {
  for (const part of foldersTo(dirname(path))) refuseLink(project, part);
  accessSync(join(project, dirname(path)), constants.W_OK | constants.X_OK);
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Somebody else has put something there.
  }
}
