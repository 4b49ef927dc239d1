import { DozlabError } from '../core/errors';

export interface Attributes {
  /** Permissions, with setuid, setgid and sticky. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Seconds since 1970. */
  readonly mtime: number;
}

export interface Directory {
  readonly type: 'directory';
  attributes: Attributes;
  readonly entries: Map<string, Entry>;
}

export interface RegularFile {
  readonly type: 'file';
  readonly attributes: Attributes;
  readonly size: number;
  /** Where the content is on this machine; undefined if empty. */
  readonly source: string | undefined;
  /** Path of a file with the value of the attribute security.capability. */
  readonly capability?: string | undefined;
}

export interface SymbolicLink {
  readonly type: 'symlink';
  readonly attributes: Attributes;
  readonly target: string;
}

export type Inode = Directory | RegularFile | SymbolicLink;

interface Entry {
  inode: Inode;
  layer: number;
}

const DEFAULT_DIRECTORY: Attributes = { mode: 0o755, uid: 0, gid: 0, mtime: 0 };

export const emptyDirectory = (attributes = DEFAULT_DIRECTORY): Directory => ({
  type: 'directory',
  attributes,
  entries: new Map(),
});

/** As Linux: more are a loop. */
const MOST_LINKS = 40;
const MOST_BYTES = 255;

/**
 * The files of an image, in memory: names of an archive never reach the file system of this machine, and links are
 * followed inside the tree only.
 */
export class FileTree {
  readonly root = emptyDirectory();
  private layer = 0;

  startLayer(): void {
    this.layer += 1;
  }

  /** A directory over a directory keeps the files in it. */
  add(path: string, inode: Inode): void {
    const parts = partsOf(path);
    const name = parts.pop();
    if (name === undefined) {
      if (inode.type !== 'directory') throw invalid(path, 'is the root, but no directory');
      this.root.attributes = inode.attributes;
      return;
    }
    const { entries } = this.directory(parts, path);
    const present = entries.get(name);
    if (present?.inode.type === 'directory' && inode.type === 'directory') {
      present.inode.attributes = inode.attributes;
      present.layer = this.layer;
    } else entries.set(name, { inode, layer: this.layer });
  }

  /** A hard link. */
  link(path: string, target: string): void {
    const parts = partsOf(target);
    const name = parts.pop() ?? '';
    const inode = this.directory(parts, target).entries.get(name)?.inode;
    if (inode === undefined || inode.type === 'directory')
      throw invalid(path, `is a hard link to ${shown(target)}, which is no file of the archive`);
    this.add(path, inode);
  }

  /** Removes what earlier layers have at a path. */
  remove(path: string): void {
    const parts = partsOf(path);
    const name = parts.pop();
    if (name === undefined) throw invalid(path, 'would remove the root');
    const { entries } = this.directory(parts, path);
    const entry = entries.get(name);
    if (entry !== undefined && this.isEmptied(entry)) entries.delete(name);
  }

  /** Removes what earlier layers have in a directory. */
  clear(path: string): void {
    this.emptyOf(this.directory(partsOf(path), path));
  }

  private emptyOf({ entries }: Directory): void {
    for (const [name, entry] of entries) if (this.isEmptied(entry)) entries.delete(name);
  }

  private isEmptied({ inode, layer }: Entry): boolean {
    if (inode.type === 'directory') this.emptyOf(inode);
    return layer < this.layer && !(inode.type === 'directory' && inode.entries.size > 0);
  }

  /** Creates what is missing. */
  private directory(parts: readonly string[], path: string): Directory {
    const way = [this.root];
    const ahead = [...parts];
    let links = 0;
    for (let name = ahead.shift(); name !== undefined; name = ahead.shift()) {
      if (name === '..') {
        if (way.length > 1) way.pop();
        continue;
      }
      const { entries } = way.at(-1) ?? this.root;
      const inode = entries.get(name)?.inode ?? emptyDirectory();
      if (inode.type === 'file') throw invalid(path, `is below the file ${shown(name)}`);
      if (inode.type === 'directory') {
        if (!entries.has(name)) entries.set(name, { inode, layer: this.layer });
        way.push(inode);
        continue;
      }
      if ((links += 1) > MOST_LINKS) throw invalid(path, 'is behind a loop of symbolic links');
      if (inode.target.startsWith('/')) way.splice(1);
      ahead.unshift(...inode.target.split('/').filter((part) => part !== '' && part !== '.'));
    }
    return way.at(-1) ?? this.root;
  }
}

/** A leading `/` is the root of the image. */
function partsOf(path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  for (const part of parts) {
    if (part === '..') throw invalid(path, 'leaves the root by ..');
    // debugfs takes one command a line. U+FFFD: the name is no UTF-8.
    if (/[\x00\r\n\uFFFD]/.test(part)) throw invalid(path, 'has a line break, or is not UTF-8');
    if (Buffer.byteLength(part) > MOST_BYTES)
      throw invalid(path, `has a name of more than ${String(MOST_BYTES)} bytes`);
  }
  return parts;
}

const MOST_SHOWN = 200;

const shown = (path: string): string => JSON.stringify(path.slice(0, MOST_SHOWN));

const invalid = (path: string, problem: string): DozlabError =>
  new DozlabError('invalid-rootfs', `${shown(path)} ${problem}. Fix: make the archive again without it`);
