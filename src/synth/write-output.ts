import { closeSync, openSync, readFileSync, readSync, type Dirent } from 'node:fs';
import { dirname, join } from 'node:path';
import { DozlabError } from '../core/errors';
import { isGenerated } from '../manifests/header';
import { splitPath } from '../cache/by-folder';
import { FolderEntries } from './folder-entries';
import { removeLeftovers, replaceAtOnce, type NewFiles } from './apply';
import { replaceFile } from '../core/replace-file';
import { isManifest, type OutputPlan, type PlannedFolder } from './plan';
import { progress } from '../core/progress';
import type { OutputFile } from '@dozlab/charts';
import { stampOf, type Stamp } from '../cache/file-stamp';
import { isLeftBehind } from '../cache/fingerprint';
import { foldersTo, linkRefused, makeFolder, refuseLink, statOf } from '../core/safe-path';

/** No file of ours is larger, so a larger one is not what it should be, whatever it holds. */
const LARGEST_OUTPUT = 64 * 1024 * 1024;

/**
 * Compares an output folder with the files that it should hold. Reads only.
 * @param known what is known of it from runs before
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

/** What is known of an output folder before it is read. */
export interface KnownOutput {
  /** Whether a file with this stamp holds what it should. */
  isCurrent(file: OutputFile, stamp: Stamp): boolean;
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
    created,
    changed,
    unchanged: files.length - created.length - changed.length,
    removed: others.filter(isOurs),
    foreign: others.filter((path) => !isOurs(path)),
    entries,
  };
}

/** Whether an output folder is not what it should be. */
export const isStale = ({ created, changed, removed }: OutputPlan): boolean =>
  created.length + changed.length + removed.length > 0;

/**
 * Does what plans say, all of it or nothing: what is new is on the disk before the first of it is put in place.
 * @returns what was written into new folders, of each output
 * @throws DozlabError with code `write-failed`; then everything is as it was
 */
export function writeOutputs(outputs: readonly PlannedFolder[]): NewFiles[] {
  try {
    for (const { folder } of outputs) removeLeftovers(folder);
    const stale = outputs.filter(({ plan }) => isStale(plan));
    const written = stale.length > 0 ? replaceAtOnce(stale) : [];
    return outputs.map((output) => written[stale.indexOf(output)] ?? new Map());
  } catch (error) {
    if (error instanceof DozlabError) throw error;
    const folders = outputs.map(({ folder }) => folder).join(' and '); // a full disk does not say where
    const { code = 'unknown error', path = folders, dest = path } = error as NodeJS.ErrnoException & { dest?: string };
    const message = `the output cannot be written: ${dest} (${code}); it is as it was, run synth again when that is mended`;
    throw new DozlabError('write-failed', message, { cause: error });
  }
}

/** The same for one folder. */
export function writeOutput(folder: string, plan: OutputPlan): void {
  writeOutputs([{ folder, plan }]);
}

/**
 * Writes one file below a folder, as a whole or not at all, and removes what killed processes left beside it.
 * @throws DozlabError with code `unsafe-path` when a symbolic link leads to it
 */
export function writeFile(folder: string, { path, content }: OutputFile): void {
  makeFolder(folder, dirname(path));
  refuseLink(folder, path);
  replaceFile(join(folder, path), content);
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

/** Whether a folder holds a file as it should be. */
export function isHeld(folder: string, file: OutputFile): boolean {
  refuseLink(folder, '.');
  const stamp = stampsBelow(folder, new FolderEntries(folder))(file.path);
  return stamp !== undefined && holds(join(folder, file.path), stamp, file);
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
