import { readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isRunning } from './process-id';
import { makeFolder, refuseLink } from './safe-path';

/** The process id separates a killed process's file from one in use. */
const UNFINISHED = /^\.dozlab-(\d+)-\d+\.tmp$/;

let written = 0;

/** A crash leaves the old or the new file, never a part. */
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

/** @throws DozlabError with code `unsafe-path` if a symbolic link is on the path */
export function writeFileIn(folder: string, path: string, content: string): void {
  makeFolder(folder, dirname(path));
  refuseLink(folder, path);
  replaceFile(join(folder, path), content);
}

/** Returns the temporary name. */
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

export function removeLeftBehind(folder: string): void {
  for (const name of readdirSync(folder).filter(isLeftBehind)) rmSync(join(folder, name), { force: true });
}

function isLeftBehind(name: string): boolean {
  const owner = UNFINISHED.exec(name)?.[1];
  return owner !== undefined && (Number(owner) === process.pid || !isRunning(Number(owner)));
}
