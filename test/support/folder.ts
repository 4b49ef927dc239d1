import { lstatSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Every file and link below a folder, hidden ones too, by path with what it holds. */
export function contentsOf(folder: string): Map<string, string> {
  return new Map(
    pathsBelow(folder).map((path) => {
      const place = join(folder, path);
      return [path, lstatSync(place).isSymbolicLink() ? `-> ${readlinkSync(place)}` : readFileSync(place, 'utf8')];
    }),
  );
}

/** Which file stands at each path and when it was last written: what changes when a file is written again. */
export function identitiesOf(folder: string): Map<string, string> {
  return new Map(
    pathsBelow(folder).map((path) => {
      const { ino, mtimeNs, ctimeNs } = lstatSync(join(folder, path), { bigint: true });
      return [path, `${String(ino)} ${String(mtimeNs)} ${String(ctimeNs)}`];
    }),
  );
}

/** What a project keeps for the next run, which is no part of it. */
export const keptIn = (project: string): string => Array.from(contentsOf(join(project, KEPT)).values()).join('\n');

const KEPT = '.dozlab';

/** The paths of all files below a folder, in order, without what is kept for the next run; none when there is no such folder. */
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

/** The paths of the manifests in a project's output, without those of the chart. */
export const manifestsIn = (project: string, output = 'dist'): string[] =>
  pathsBelow(join(project, output)).filter((path) => !path.startsWith('charts/'));
