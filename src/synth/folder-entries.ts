import { readdirSync, type Dirent } from 'node:fs';
import { join, posix } from 'node:path';
import { statOf } from '../core/safe-path';

interface ReadFolder {
  readonly entries: ReadonlyMap<string, Dirent>;
  stamp: string;
}

/** What lies below a folder. Each folder is read once, when it is asked about; links are not followed. */
export class FolderEntries {
  private readonly known = new Map<string, ReadFolder>();

  constructor(private readonly root: string) {}

  /** What lies at a path below the folder; undefined when nothing does. */
  at(path: string): Dirent | undefined {
    return this.in(parentOf(path)).get(posix.basename(path));
  }

  /** What a folder holds by name, in order; '' is the folder itself. Nothing where there is no such folder. */
  in(path: string): ReadonlyMap<string, Dirent> {
    const known = this.known.get(path);
    if (known !== undefined) return known.entries;
    const stamp = stampOf(join(this.root, path)); // before it is read: what happens after that is to be seen
    const isFolder = path === '' || this.at(path)?.isDirectory() === true;
    const found = isFolder ? entriesIn(join(this.root, path)) : [];
    const entries = new Map(found.map((entry) => [entry.name, entry]));
    this.known.set(path, { entries, stamp });
    return entries;
  }

  /** The folders in which something was added, replaced or removed since they were read. */
  changed(): string[] {
    return Array.from(this.known)
      .filter(([path, { stamp }]) => stampOf(join(this.root, path)) !== stamp)
      .map(([path]) => path);
  }

  /** Takes the folders as they are now for those that were read: something was undone in them. */
  renew(): void {
    for (const [path, folder] of this.known) folder.stamp = stampOf(join(this.root, path));
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

/** What changes when an entry of a folder does. */
function stampOf(folder: string): string {
  const stat = statOf(folder);
  return stat?.isDirectory() === true ? `${String(stat.ino)} ${String(stat.mtimeMs)}` : '';
}
