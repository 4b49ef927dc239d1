import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import type { OutputFile } from '@dozlab/charts';
import { fingerprint, folderStat, type Fingerprint, type FolderStat } from '../cache/fingerprint';
import { DozlabError } from '../core/errors';
import { progress } from '../core/progress';
import { foldersTo, refuseLink, statOf, withSlashes } from '../core/safe-path';
import { isGenerated } from '../manifests/manifest-file';

/** Paths are relative to the folder. */
export interface OutputPlan {
  readonly folder: string;
  readonly files: readonly OutputFile[];
  readonly created: readonly OutputFile[];
  readonly changed: readonly OutputFile[];
  readonly unchanged: number;
  readonly removed: readonly string[];
  /** Not ours: they stay. */
  readonly foreign: readonly string[];
  /** Also hidden files and links. */
  readonly unknown: readonly UnknownFile[];
  /** Before the plan. */
  readonly existing: Fingerprint;
}

export interface UnknownFile {
  readonly path: string;
  readonly isLink: boolean;
}

export interface CachedOutput {
  readonly existing: Fingerprint;
  isCurrent(path: string): boolean;
}

/** Bytes. Larger files are not ours and are not read. */
const LARGEST_OUTPUT = 64 * 1024 * 1024;

/** @throws DozlabError with code `unsafe-path` if a link or folder is in the way */
export function planOutput(folder: string, files: readonly OutputFile[], known?: CachedOutput): OutputPlan {
  try {
    return compare(folder, files, known);
  } catch (error) {
    if (error instanceof DozlabError) throw error;
    const { code = 'unknown error', path = folder } = error as NodeJS.ErrnoException;
    throw new DozlabError('write-failed', `the output cannot be read: ${path} (${code})`, { cause: error });
  }
}

export const isStale = (plan: OutputPlan): boolean => changesIn(plan) > 0;

export const changesIn = ({ created, changed, removed }: OutputPlan): number =>
  created.length + changed.length + removed.length;

/** Git stores them as they were written. */
export const hasOnlyOtherLineEnds = ({ folder, created, changed, removed }: OutputPlan): boolean =>
  created.length + removed.length === 0 &&
  changed.every(({ path, content }) => readFileSync(join(folder, path), 'utf8').replaceAll('\r\n', '\n') === content);

export const isManifest = (path: string): boolean => /\.(ya?ml|json)$/.test(path);

/** @throws DozlabError with code `write-failed` if files changed since the plan */
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

/** Accepts present folders. */
export function withFoldersNow(plan: OutputPlan): OutputPlan {
  const { folder, existing } = plan;
  const now = Array.from(existing.folders, ([path, stat]) => [path, folderNow(folder, path) ?? stat] as const);
  return { ...plan, existing: { ...existing, folders: new Map(now) } };
}

function folderNow(root: string, path: string): FolderStat | undefined {
  const stats = statOf(join(root, path));
  return stats?.isDirectory() === true ? folderStat(stats) : undefined;
}

function compare(folder: string, files: readonly OutputFile[], known: CachedOutput | undefined): OutputPlan {
  refuseLink(folder, '.');
  const existing =
    known?.existing.hasUnsupportedEntry === false ? known.existing : fingerprint(folder, undefined, true);
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
  const { removed, unknown } = otherFiles(folder, (path) => !wanted.has(path), existing);
  const foreign = unknown.filter(({ path, isLink }) => !isLink && isSeen(path)).map(({ path }) => path);
  const unchanged = files.length - created.length - changed.length;
  return { folder, files, created, changed, unchanged, removed, foreign, unknown, existing };
}

export interface OtherFiles {
  /** Of an earlier synth. */
  readonly removed: readonly string[];
  readonly unknown: readonly UnknownFile[];
}

/** @param isOther whether a file may not be of the output */
export function otherFiles(
  folder: string,
  isOther: (path: string) => boolean,
  existing = fingerprint(folder, undefined, true),
): OtherFiles {
  const others = Array.from(existing.files.keys()).filter(isOther).sort();
  const ours = new Set(others.filter((path) => isSeen(path) && isGenerated(firstBytes(join(folder, path)))));
  const files = others.filter((path) => !ours.has(path)).map((path) => ({ path, isLink: false }));
  const links =
    existing.hasUnsupportedEntry && existing.folders.size > 0
      ? linksBelow(folder).map((path) => ({ path, isLink: true }))
      : [];
  return { removed: Array.from(ours), unknown: [...files, ...links] };
}

/** Links and devices. */
const linksBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isFile() && !entry.isDirectory())
    .map((entry) => withSlashes(relative(folder, join(entry.parentPath, entry.name))))
    .sort();

function refuseOther(root: string, path: string, { folders, hasUnsupportedEntry }: Fingerprint): void {
  if (hasUnsupportedEntry) for (const part of foldersTo(path)) refuseLink(root, part);
  if (!folders.has(path) && !(hasUnsupportedEntry && statOf(join(root, path)) !== undefined)) return;
  throw new DozlabError(
    'unsafe-path',
    `${join(root, path)} is not a file: remove it, as a file of that name is to be written`,
  );
}

function holds(place: string, { files }: Fingerprint, { path, content }: OutputFile): boolean {
  const size = files.get(path)?.[0] ?? Infinity;
  return size <= LARGEST_OUTPUT && size === Buffer.byteLength(content) && readFileSync(place, 'utf8') === content;
}

/** Foreign files may be large. */
function firstBytes(path: string): string {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(512);
    return bytes.toString('utf8', 0, readSync(file, bytes));
  } finally {
    closeSync(file);
  }
}

/** Flux reads hidden manifests too. */
const isSeen = (path: string): boolean => !basename(path).startsWith('.') || isManifest(path);
