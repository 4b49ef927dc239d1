import {
  accessSync,
  chmodSync,
  constants,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  rmdirSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { DozlabError } from '../core/errors';
import type { FileChange } from '../source/changes';
import { removeEmptyFolders, foldersTo, makeFolder, refuseLink, statOf } from '../core/safe-path';
import { removeLeftBehind, stageFile } from '../core/replace-file';

interface Staged {
  readonly temporary: string;
  readonly path: string;
}

/**
 * All or none: writes every content to the disk before the first replacement; removals are last.
 * @throws DozlabError with code `write-failed` or `unsafe-path`
 */
export function writeChanges(project: string, files: readonly FileChange[]): void {
  const staged: Staged[] = [];
  const folders: string[] = [];
  try {
    const removed = files.filter(({ content }) => content === undefined).map(({ path }) => path);
    for (const path of removed) checkRemovable(project, path);
    for (const folder of new Set(files.flatMap(({ path, content }) => (content === undefined ? [] : [dirname(path)]))))
      folders.push(...makeFolders(project, folder));
    for (const { path, content } of files) {
      if (content === undefined) continue;
      refuseLink(project, path);
      staged.push({ temporary: stagedBeside(project, path, content), path });
    }
    for (const file of files) refuseChanged(project, file);
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

/** With the same permissions. */
function stagedBeside(project: string, path: string, content: string): string {
  const temporary = stageFile(join(project, path), content);
  const there = statOf(join(project, path));
  if (there !== undefined) chmodSync(temporary, there.mode & 0o777);
  return temporary;
}

function refuseChanged(project: string, { path, before }: FileChange): void {
  if (before === undefined || (textOf(join(project, path)) ?? null) === before) return;
  throw new DozlabError(
    'write-failed',
    `${path} changed while the command ran; nothing was written. Fix: run it again`,
  );
}

const textOf = (path: string): string | undefined =>
  statOf(path) === undefined ? undefined : readFileSync(path, 'utf8');

/** @returns new folders */
function makeFolders(project: string, folder: string): string[] {
  const missing = foldersTo(folder).filter((part) => statOf(join(project, part)) === undefined);
  makeFolder(project, folder);
  removeLeftBehind(join(project, folder));
  return missing.map((part) => join(project, part));
}

/** Fails before any change. */
function checkRemovable(project: string, path: string): void {
  for (const part of foldersTo(dirname(path))) refuseLink(project, part);
  accessSync(join(project, dirname(path)), constants.W_OK | constants.X_OK);
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // The folder has other files.
  }
}

/** In memory. */
export interface Backup {
  restore(): void;
}

export function backUp(project: string, paths: readonly string[]): Backup {
  const files = paths.map((path) => {
    const place = join(project, path);
    const isFile = statOf(place)?.isFile() === true;
    return { path, place, ...(isFile ? { content: readFileSync(place), mode: lstatSync(place).mode } : {}) };
  });
  return {
    restore() {
      for (const { path, place, content, mode } of files) {
        if (content !== undefined) {
          mkdirSync(dirname(place), { recursive: true });
          if (!isSame(place, content)) writeFileSync(place, content, { mode });
        } else if (statOf(place)?.isFile() === true) {
          rmSync(place);
          if (path.includes('/')) removeEmptyFolders(project, dirname(path));
        }
      }
    },
  };
}

const isSame = (place: string, content: Buffer): boolean =>
  statOf(place) !== undefined && readFileSync(place).equals(content);
