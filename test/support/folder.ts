import { lstatSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

export function contentsOf(folder: string): Map<string, string> {
  return new Map(
    pathsBelow(folder).map((path) => {
      const place = join(folder, path);
      return [path, lstatSync(place).isSymbolicLink() ? `-> ${readlinkSync(place)}` : readFileSync(place, 'utf8')];
    }),
  );
}

/** Inode and times by path: they change when a file is written again. */
export function identitiesOf(folder: string): Map<string, string> {
  return new Map(
    pathsBelow(folder).map((path) => {
      const { ino, mtimeNs, ctimeNs } = lstatSync(join(folder, path), { bigint: true });
      return [path, `${String(ino)} ${String(mtimeNs)} ${String(ctimeNs)}`];
    }),
  );
}

/** Text of the cache. */
export const keptIn = (project: string): string => Array.from(contentsOf(join(project, KEPT)).values()).join('\n');

const KEPT = '.dozlab';

/** Sorted, without the cache. Empty when the folder does not exist. */
export function pathsBelow(folder: string, below = ''): string[] {
  return entriesOf(join(folder, below))
    .filter(({ name }) => name !== KEPT)
    .flatMap((entry) => {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      return entry.isDirectory() ? pathsBelow(folder, path) : [path];
    })
    .sort();
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

export const manifestsIn = (project: string, output = 'dist'): string[] =>
  pathsBelow(join(project, output)).filter((path) => !path.startsWith('charts/'));
