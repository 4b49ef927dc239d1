import type { Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import { foldersTo, statOf } from '../core/safe-path';
import type { RunTime } from './cache';
import { fileStat, folderStat, isSettled, STEP, type FileStat, type FolderStat, type Fingerprint } from './fingerprint';

/**
 * Reads new stats only for files and folders that the run wrote.
 * @returns also uncertain files: others changed them, or ctime may miss the next change
 */
export function afterRun(
  project: string,
  before: Fingerprint,
  run: RunTime,
): { readonly after: Fingerprint; readonly uncertain: ReadonlySet<string> } {
  const { startedAt, written } = run;
  if (written.size > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, STEP + 1); // the next change gets another ctime
  const now = Date.now();
  const folders = new Map<string, FolderStat>();
  for (const path of new Set([
    ...before.folders.keys(),
    ...Array.from(written.keys()).flatMap((each) => foldersTo(dirname(each))),
  ])) {
    const stats = statOf(join(project, path));
    if (stats?.isDirectory() === true) folders.set(path, folderStat(stats));
  }
  const isReplaced = (path: string): boolean => before.folders.get(path)?.[0] !== folders.get(path)?.[0];
  const files = new Map<string, FileStat>();
  const uncertain = new Set<string>();
  for (const path of new Set([...before.files.keys(), ...written.keys()])) {
    const old = before.files.get(path);
    if (old !== undefined && !written.has(path) && !isReplaced(dirname(path))) {
      files.set(path, old);
      if (!isSettled(old, startedAt)) uncertain.add(path);
      continue;
    }
    const stats = statOf(join(project, path));
    const stat = stats && fileStat(stats);
    if (stat !== undefined) files.set(path, stat);
    if (!isAsLeft(path, old, stats, run) || (stat !== undefined && !isSettled(stat, now))) uncertain.add(path);
  }
  return { after: { files, folders, isOdd: before.isOdd }, uncertain };
}

function isAsLeft(
  path: string,
  old: FileStat | undefined,
  stats: Stats | undefined,
  { startedAt, endedAt, written }: RunTime,
): boolean {
  const bytes = written.get(path);
  if (stats === undefined) return written.has(path) && bytes === undefined;
  const { size, ino, mtimeMs } = stats;
  if (written.has(path)) return size === bytes && mtimeMs >= startedAt - STEP && mtimeMs <= endedAt;
  return old?.[0] === size && old[1] === ino && mtimeMs < startedAt - STEP;
}
