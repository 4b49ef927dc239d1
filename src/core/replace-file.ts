import { readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isRunning } from './process-id';
import { makeFolder, refuseLink } from './safe-path';

/** Name of a file while it is written: it holds the id of the process, so that what a killed one left can be told from one at work. */
const UNFINISHED = /^\.dozlab-(\d+)-\d+\.tmp$/;

let written = 0;

/**
 * Writes a file under another name and renames it, so that it is there as a whole, old or new, whenever the process ends. What killed
 * processes left beside it is removed.
 */
export function replaceFile(path: string, content: string): void {
  removeLeftBehind(dirname(path));
  const temporary = stageFile(path, content);
  try {
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/**
 * Writes a file below a folder, as `replaceFile` does, with the folders around it.
 * @throws DozlabError with code `unsafe-path` when a symbolic link leads to it
 */
export function writeFileIn(folder: string, path: string, content: string): void {
  makeFolder(folder, dirname(path));
  refuseLink(folder, path);
  replaceFile(join(folder, path), content);
}

/** Writes a file under the name that it has until it is renamed, which is given. */
export function stageFile(path: string, content: string): string {
  const temporary = join(dirname(path), `.dozlab-${String(process.pid)}-${String((written += 1))}.tmp`);
  try {
    writeFileSync(temporary, content, { flag: 'wx' });
    return temporary;
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Removes what killed processes left in a folder. */
export function removeLeftBehind(folder: string): void {
  for (const name of readdirSync(folder).filter(isLeftBehind)) rmSync(join(folder, name), { force: true });
}

/** Whether a name is that of a file which a process that is no more was writing. */
function isLeftBehind(name: string): boolean {
  const owner = UNFINISHED.exec(name)?.[1];
  return owner !== undefined && (Number(owner) === process.pid || !isRunning(Number(owner)));
}
