import { readdirSync, type Dirent } from 'node:fs';
import { join, posix } from 'node:path';

/** What lies below a folder. Each folder is read once, when it is asked about; links are not followed. */
export class FolderEntries {
  private readonly known = new Map<string, ReadonlyMap<string, Dirent>>();

  constructor(private readonly root: string) {}

  /** What lies at a path below the folder; undefined when nothing does. */
  at(path: string): Dirent | undefined {
    return this.in(parentOf(path)).get(posix.basename(path));
  }

  /** What a folder holds by name, in order; '' is the folder itself. Nothing where there is no such folder. */
  in(path: string): ReadonlyMap<string, Dirent> {
    const known = this.known.get(path);
    if (known !== undefined) return known;
    const isFolder = path === '' || this.at(path)?.isDirectory() === true;
    const found = isFolder ? entriesIn(join(this.root, path)) : [];
    const entries = new Map(found.map((entry) => [entry.name, entry]));
    this.known.set(path, entries);
    return entries;
  }
}

/** The entries of a folder, in order; none where there is no such folder. */
export function entriesIn(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((one, other) => (one.name < other.name ? -1 : 1));
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}

const parentOf = (path: string): string => (path.includes('/') ? posix.dirname(path) : '');
