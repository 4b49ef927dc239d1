import { createHash } from 'node:crypto';
import { lstatSync, readdirSync } from 'node:fs';
import { type ByFolder } from './by-folder';
import { FLUX_FOLDER, OUTPUT_FOLDER } from '../model/project';
import { stampOf, type Stamp } from './file-stamp';

/** What lies in a folder, without its folders. What is hidden counts in the output alone: a file of the chart is, and Flux applies manifests that are. */
export interface ListedFolder {
  /** Of regular files, by name. */
  readonly stamps: ReadonlyMap<string, Stamp>;
  /** Whether there is anything that is neither file nor folder, or left behind by a killed process. */
  readonly isOdd: boolean;
}

/** What lies below folders, by their paths; files of the root itself are in the folder ''. */
export type Listing = ReadonlyMap<string, ListedFolder>;

/** Digests of what lies in folders, by their paths. */
export type Digests = Readonly<Record<string, string>>;

/** What people write. */
export const INPUTS = ['dozlab.yaml', 'labs', 'sessions', 'secrets', 'charts', 'schemas'] as const;

export const OUTPUT = [OUTPUT_FOLDER, FLUX_FOLDER] as const;

/**
 * Lists folders and files.
 * @param root of all paths
 * @param known stamps of files that need not be asked for
 */
export function listNow(root: string, names: readonly string[], known: ByFolder<Stamp> = NOTHING): Listing {
  const here = root === '' ? '.' : root;
  const listing = new Map<string, ListedFolder>();
  const top = new Map<string, Stamp>();
  let isOdd = false;
  const enter = (folder: string): void => {
    const stamps = new Map<string, Stamp>();
    const own = known.get(folder);
    let isFolderOdd = false;
    for (const entry of readdirSync(`${here}/${folder}`, { withFileTypes: true })) {
      const { name } = entry;
      if (isLeftBehind(name)) isFolderOdd = true;
      else if (name.startsWith('.') && !isOfOutput(folder)) continue;
      else if (entry.isDirectory()) enter(`${folder}/${name}`);
      else if (entry.isFile()) stamps.set(name, own?.get(name) ?? stampOf(lstatSync(`${here}/${folder}/${name}`)));
      else isFolderOdd = true;
    }
    listing.set(folder, { stamps, isOdd: isFolderOdd });
  };
  try {
    isOdd = readdirSync(here).some(isLeftBehind);
  } catch {
    isOdd = true;
  }
  for (const name of names) {
    try {
      const stat = lstatSync(`${here}/${name}`);
      if (stat.isDirectory()) enter(name);
      else if (stat.isFile()) top.set(name, known.get('')?.get(name) ?? stampOf(stat));
      else isOdd = true;
    } catch (error) {
      // What is not there is not listed; what cannot be read is told of by whoever needs it.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') isOdd = true;
    }
  }
  return listing.set('', { stamps: top, isOdd });
}

const NOTHING: ByFolder<Stamp> = new Map();

const isOfOutput = (folder: string): boolean => OUTPUT.some((name) => folder === name || folder.startsWith(`${name}/`));

/** Whether a killed process has left it, or another one is at work there. */
export const isLeftBehind = (name: string): boolean => name.startsWith('.dozlab-');

/** The path of a file within the root. */
export const listedPath = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`);

/** Of a folder that nothing is certain of: no other has it. */
export const NO_DIGEST = '';

/** What tells apart all states of a folder's files. */
function digestOfFolder({ stamps, isOdd }: ListedFolder): string {
  if (isOdd) return NO_DIGEST;
  const names = Array.from(stamps.keys()).sort();
  const numbers = new Float64Array(names.flatMap((name) => stamps.get(name) ?? []));
  return createHash('sha256').update(names.join('\0')).update(numbers).digest('base64url');
}

export const digestsOf = (listing: Listing): Digests =>
  Object.fromEntries(Array.from(listing, ([folder, listed]) => [folder, digestOfFolder(listed)]));

/** The folders in which there is a difference. */
export const differingFolders = (before: Digests, now: Digests): string[] =>
  Array.from(new Set([...Object.keys(before), ...Object.keys(now)])).filter(
    (folder) => before[folder] !== now[folder] || now[folder] === NO_DIGEST,
  );
