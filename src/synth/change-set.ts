import { posix } from 'node:path';
import type { OutputFile } from '@dozlab/charts';
import { splitPath } from '../cache/by-folder';

/** What is to become of a path: a file; nothing; or a folder in which something changes. */
export type PathChange = OutputFile | undefined | FolderChange;
export type FolderChange = Map<string, PathChange>;

/** A path and what is to become of it, at once. */
export interface Unit {
  readonly path: string;
  readonly change: PathChange;
}

/** The changes of files, by folders. */
export function folderChange(written: readonly OutputFile[], removed: readonly string[]): FolderChange {
  const root: FolderChange = new Map();
  const folders = new Map([['', root]]);
  const folderAt = (path: string): FolderChange => {
    const known = folders.get(path);
    if (known !== undefined) return known;
    const made: FolderChange = new Map();
    folders.set(path, made);
    put(path, made);
    return made;
  };
  const put = (path: string, change: PathChange): void => {
    const [folder, name] = splitPath(path);
    folderAt(folder).set(name, change);
  };
  for (const path of removed) put(path, undefined);
  for (const file of written) put(file.path, file);
  return root;
}

/** What a folder's changes consist of, one level down. */
const parts = (path: string, folder: FolderChange): Unit[] =>
  Array.from(folder, ([name, change]) => ({ path: posix.join(path, name), change }));

/** What the folders that there are allow. */
export interface Divisible {
  /** Whether there is a folder of which something stays. */
  readonly isDivisible: (path: string, folder: FolderChange) => boolean;
  /** Whether a folder may be replaced with all that is in it. */
  readonly isReplaceable: (path: string) => boolean;
}

/**
 * Divides changes into units: as small as can be, to leave alone what does not change, but no more than a number of them, as each is
 * put in place on its own. Only where a folder may not be replaced there are more.
 */
export function unitsOf(changes: FolderChange, most: number, { isDivisible, isReplaceable }: Divisible): Unit[] {
  let units = parts('', changes);
  const divided = ({ path, change }: Unit): Unit[] =>
    change instanceof Map && isDivisible(path, change) ? parts(path, change) : [];
  for (;;) {
    const choices = units.map((unit) => ({ unit, into: divided(unit) }));
    const [next] = choices
      .filter(({ into }) => into.length > 0 && units.length - 1 + into.length <= most)
      .sort((one, other) => one.into.length - other.into.length);
    if (next === undefined) break;
    units = units.flatMap((unit) => (unit === next.unit ? next.into : [unit]));
  }
  const replaceable = (unit: Unit): Unit[] => {
    const into = divided(unit);
    return into.length === 0 || isReplaceable(unit.path) ? [unit] : into.flatMap(replaceable);
  };
  return units.flatMap(replaceable);
}
