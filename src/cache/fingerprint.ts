import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, type Stats } from 'node:fs';

/** Size in bytes, inode, and ctime in milliseconds, which no program can set. */
export type FileStat = readonly [size: number, inode: number, ctime: number];

/** Inode, and mtime in milliseconds, which changes with the entries. */
export type FolderStat = readonly [inode: number, mtime: number];

export interface Fingerprint {
  readonly files: ReadonlyMap<string, FileStat>;
  /** The root has the path ''. */
  readonly folders: ReadonlyMap<string, FolderStat>;
  /** Has a link, a device, or a file of a killed process. */
  readonly hasUnsupportedEntry: boolean;
}

export const EMPTY: Fingerprint = { files: new Map(), folders: new Map(), hasUnsupportedEntry: false };

/** @param names @default all */
export function fingerprint(root: string, names: readonly string[] | undefined, withHidden: boolean): Fingerprint {
  const files = new Map<string, FileStat>();
  const folders = new Map<string, FolderStat>();
  let hasUnsupportedEntry = false;
  const add = (path: string): void => {
    const place = path === '' ? root : `${root}/${path}`;
    const stats = lstatSync(place, { throwIfNoEntry: false });
    if (stats?.isDirectory() === true) {
      folders.set(path, folderStat(stats));
      for (const name of readdirSync(place)) {
        if (isLeftover(name)) hasUnsupportedEntry = true;
        else if (withHidden || !name.startsWith('.')) add(path === '' ? name : `${path}/${name}`);
      }
    } else if (path !== '' && stats?.isFile() === true) files.set(path, fileStat(stats));
    else if (stats !== undefined) hasUnsupportedEntry = true;
  };
  for (const name of names ?? ['']) add(name);
  return { files, folders, hasUnsupportedEntry };
}

/** Files of a killed or another process. */
export const isLeftover = (name: string): boolean => name.startsWith('.dozlab-');

export const fileStat = ({ size, ino, ctimeMs }: Stats): FileStat => [size, ino, ctimeMs];
export const folderStat = ({ ino, mtimeMs }: Stats): FolderStat => [ino, mtimeMs];

export const isSameFile = (one: FileStat | undefined, other: FileStat | undefined): boolean =>
  one !== undefined && one[0] === other?.[0] && one[1] === other[1] && one[2] === other[2];

export function digestOf({ files, folders }: Fingerprint): string {
  const paths = Array.from(files.keys()).sort();
  const numbers = new Float64Array(3 * paths.length);
  for (const [index, path] of paths.entries()) numbers.set(files.get(path) ?? [], 3 * index);
  const names = [...paths, '', ...Array.from(folders.keys()).sort()];
  return createHash('sha256').update(names.join('\0')).update(numbers).digest('base64url');
}

/** Milliseconds. Some file systems count whole seconds. */
export const STEP = 20;
const COARSE_STEP = 2000;

/** A later change must change ctime (Git: "racy Git"). */
export const isSettled = ([, , ctime]: FileStat, now: number): boolean =>
  now - ctime > (ctime % 1000 === 0 ? COARSE_STEP : STEP);
