import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { OutputFile } from '@dozlab/charts';
import { fingerprint, folderStat, type Fingerprint, type FolderStat } from '../cache/fingerprint';
import { DozlabError } from '../core/errors';
import { progress } from '../core/progress';
import { foldersTo, refuseLink, statOf } from '../core/safe-path';
import { isGenerated } from '../manifests/header';

/** What makes an output folder what it should be. Paths are relative to the folder. */
export interface OutputPlan {
  readonly folder: string;
  /** All files that the folder should hold. */
  readonly files: readonly OutputFile[];
  readonly created: readonly OutputFile[];
  readonly changed: readonly OutputFile[];
  readonly unchanged: number;
  /** Files of ours that no longer belong. */
  readonly removed: readonly string[];
  /** Files that are not ours, which stay. */
  readonly foreign: readonly string[];
  /** The folder as it was when the plan was made. */
  readonly existing: Fingerprint;
}

/** What is known of an output folder before it is read. */
export interface KnownOutput {
  readonly existing: Fingerprint;
  /** Whether an existing file holds what it should. */
  isCurrent(path: string): boolean;
}

/** No file of ours is larger: a larger one is not read. */
const LARGEST_OUTPUT = 64 * 1024 * 1024;

/**
 * Compares an output folder with the files that it should hold. Reads only.
 * @throws DozlabError with code `unsafe-path` when the folder holds a symbolic link or a folder where a file of ours goes
 */
export function planOutput(folder: string, files: readonly OutputFile[], known?: KnownOutput): OutputPlan {
  try {
    return compare(folder, files, known);
  } catch (error) {
    if (error instanceof DozlabError) throw error;
    const { code = 'unknown error', path = folder } = error as NodeJS.ErrnoException;
    throw new DozlabError('write-failed', `the output cannot be read: ${path} (${code})`, { cause: error });
  }
}

/** Whether an output folder is not what it should be. */
export const isStale = (plan: OutputPlan): boolean => changesIn(plan) > 0;

/** How many files are written or removed. */
export const changesIn = ({ created, changed, removed }: OutputPlan): number =>
  created.length + changed.length + removed.length;

/** Whether Flux reads a file of that name as manifests. */
export const isManifest = (path: string): boolean => /\.(ya?ml|json)$/.test(path);

/**
 * @param withTop whether the top of the folder counts
 * @throws DozlabError with code `write-failed` when files have come, gone or been replaced since the plan was made
 */
export function refuseOvertaken({ folder, existing: { folders } }: OutputPlan, withTop: boolean): void {
  const isChanged = (path: string): boolean => {
    const [before, now] = [folders.get(path), folderNow(folder, path)];
    return before?.[0] !== now?.[0] || before?.[1] !== now?.[1];
  };
  const changed = ['', ...folders.keys()].find((path) => (path !== '' || withTop) && isChanged(path));
  if (changed === undefined) return;
  const message = `${join(folder, changed)} changed while the command ran; nothing was written. Fix: run it again`;
  throw new DozlabError('write-failed', message);
}

/** Takes the folders for those that the plan was made with. */
export function withFoldersNow(plan: OutputPlan): OutputPlan {
  const { folder, existing } = plan;
  const now = Array.from(existing.folders, ([path, stat]) => [path, folderNow(folder, path) ?? stat] as const);
  return { ...plan, existing: { ...existing, folders: new Map(now) } };
}

function folderNow(root: string, path: string): FolderStat | undefined {
  const stats = statOf(join(root, path));
  return stats?.isDirectory() === true ? folderStat(stats) : undefined;
}

function compare(folder: string, files: readonly OutputFile[], known: KnownOutput | undefined): OutputPlan {
  refuseLink(folder, '.');
  const existing = known?.existing.isOdd === false ? known.existing : fingerprint(folder, undefined, true);
  const wanted = new Set(files.map(({ path }) => path));
  const created: OutputFile[] = [];
  const changed: OutputFile[] = [];
  for (const [index, file] of files.entries()) {
    progress('comparing files', index, files.length);
    if (!existing.files.has(file.path)) {
      refuseOther(folder, file.path, existing);
      created.push(file);
    } else if (known?.isCurrent(file.path) !== true && !holds(join(folder, file.path), existing, file))
      changed.push(file);
  }
  const others = Array.from(existing.files.keys())
    .filter((path) => !wanted.has(path) && isSeen(path))
    .sort();
  const isOurs = (path: string): boolean => isGenerated(firstBytes(join(folder, path)));
  const removed = others.filter(isOurs);
  const foreign = others.filter((path) => !removed.includes(path));
  const unchanged = files.length - created.length - changed.length;
  return { folder, files, created, changed, unchanged, removed, foreign, existing };
}

/** @throws DozlabError when a link or a folder is where a file goes */
function refuseOther(root: string, path: string, { folders, isOdd }: Fingerprint): void {
  if (isOdd) for (const part of foldersTo(path)) refuseLink(root, part);
  if (!folders.has(path) && !(isOdd && statOf(join(root, path)) !== undefined)) return;
  throw new DozlabError(
    'unsafe-path',
    `${join(root, path)} is not a file: remove it, as a file of that name is to be written`,
  );
}

function holds(place: string, { files }: Fingerprint, { path, content }: OutputFile): boolean {
  const size = files.get(path)?.[0] ?? Infinity;
  return size <= LARGEST_OUTPUT && size === Buffer.byteLength(content) && readFileSync(place, 'utf8') === content;
}

/** The beginning of a file that is not one of those to be written: it may be of any size. */
function firstBytes(path: string): string {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(512);
    return bytes.toString('utf8', 0, readSync(file, bytes));
  } finally {
    closeSync(file);
  }
}

/** Whether a file counts: of hidden files only manifests, as Flux reads these too. */
const isSeen = (path: string): boolean => !basename(path).startsWith('.') || isManifest(path);
