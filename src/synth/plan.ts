import { closeSync, openSync, readFileSync, readSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import type { OutputFile } from '@dozlab/charts';
import { DozlabError } from '../core/errors';
import { progress } from '../core/progress';
import { foldersTo, linkRefused, refuseLink, statOf } from '../core/safe-path';
import { splitPath } from '../cache/by-folder';
import { stampOf, type Stamp } from '../cache/file-stamp';
import { isLeftBehind } from '../cache/fingerprint';
import { isGenerated } from '../manifests/header';
import { FolderEntries } from './folder-entries';

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
  readonly entries: FolderEntries;
}

/** What is known of an output folder before it is read. */
export interface KnownOutput {
  /** Whether a file with this stamp holds what it should. */
  isCurrent(file: OutputFile, stamp: Stamp): boolean;
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
export function refuseOvertaken({ folder, entries }: OutputPlan, withTop: boolean): void {
  const changed = entries.changed().find((path) => path !== '' || withTop);
  if (changed === undefined) return;
  const message = `${join(folder, changed)} changed while the command ran; nothing was written. Fix: run it again`;
  throw new DozlabError('write-failed', message);
}

function compare(folder: string, files: readonly OutputFile[], known?: KnownOutput): OutputPlan {
  refuseLink(folder, '.');
  const entries = new FolderEntries(folder);
  const stampOfFile = stampsBelow(folder, entries);
  const wanted = new Set(files.map(({ path }) => path));
  const created: OutputFile[] = [];
  const changed: OutputFile[] = [];
  for (const [index, file] of files.entries()) {
    progress('comparing files', index, files.length);
    const stamp = stampOfFile(file.path);
    if (stamp === undefined) created.push(file);
    else if (known?.isCurrent(file, stamp) !== true && !holds(join(folder, file.path), stamp, file)) changed.push(file);
  }
  const others = filesIn(entries).filter((path) => !wanted.has(path));
  const isOurs = (path: string): boolean => isGenerated(firstBytes(join(folder, path)));
  return {
    folder,
    files,
    created,
    changed,
    unchanged: files.length - created.length - changed.length,
    removed: others.filter(isOurs),
    foreign: others.filter((path) => !isOurs(path)),
    entries,
  };
}

/** Gives the stamp of what lies where a file goes; undefined when nothing does. */
function stampsBelow(folder: string, entries: FolderEntries): (path: string) => Stamp | undefined {
  const known = new Map<string, ReadonlyMap<string, Dirent>>();
  const entriesAt = (path: string): ReadonlyMap<string, Dirent> => {
    const there = known.get(path) ?? entriesWithoutLink(folder, path, entries);
    known.set(path, there);
    return there;
  };
  return (path) => {
    const [above, name] = splitPath(path);
    const there = entriesAt(above).get(name);
    if (there === undefined) return undefined;
    if (there.isSymbolicLink()) throw linkRefused(join(folder, path));
    const stat = statOf(`${folder}/${path}`);
    if (stat?.isFile() === false)
      throw new DozlabError(
        'unsafe-path',
        `${join(folder, path)} is not a file: remove it, as a file of that name is to be written`,
      );
    return stat === undefined ? undefined : stampOf(stat);
  };
}

/** What lies in a folder that no link leads to. */
function entriesWithoutLink(folder: string, path: string, entries: FolderEntries): ReadonlyMap<string, Dirent> {
  const link = path === '' ? undefined : foldersTo(path).find((part) => entries.at(part)?.isSymbolicLink() === true);
  if (link !== undefined) throw linkRefused(join(folder, link));
  return entries.in(path);
}

const holds = (place: string, [size]: Stamp, { content }: OutputFile): boolean =>
  size <= LARGEST_OUTPUT && size === Buffer.byteLength(content) && readFileSync(place, 'utf8') === content;

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

/** All files below a folder, in order; of hidden ones those that are manifests, as Flux leaves out none. */
function filesIn(entries: FolderEntries, below = ''): string[] {
  return Array.from(entries.in(below).values())
    .filter(isSeen)
    .flatMap((entry) => {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) return filesIn(entries, path);
      return entry.isFile() ? [path] : [];
    });
}

function isSeen(entry: Dirent): boolean {
  if (!entry.name.startsWith('.')) return true;
  return entry.isDirectory() ? !isLeftBehind(entry.name) : isManifest(entry.name);
}
