import { readdirSync, renameSync, rmSync, writeFileSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolder, refuseLink } from './safe-path';

/** The start time detects a reused id. */
interface RunningProcess {
  readonly id: number;
  /** Ticks since boot; `0` if unknown. */
  readonly start: string;
}

export const thisProcess = (): RunningProcess => ({ id: process.pid, start: startOf(process.pid) ?? '0' });

function isRunning(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

export const isStillRunning = ({ id, start }: RunningProcess): boolean =>
  isRunning(id) && (startOf(id) ?? start) === start;

/** Field 22 of `/proc/<id>/stat`. The name before it may contain spaces. */
function startOf(id: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${String(id)}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

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
