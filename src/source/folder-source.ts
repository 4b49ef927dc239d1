import { isAscii, isUtf8 } from 'node:buffer';
import { closeSync, fstatSync, openSync, readSync, readdirSync, realpathSync, constants, type Dirent } from 'node:fs';
import { join, sep } from 'node:path';
import { DozlabError } from '../core/errors';
import type { Changes } from './changes';
import { Diagnostics } from '../core/diagnostics';
import { fileText, type FileText, type Listing, type Source } from './source';

const LARGEST_FILE = 1024 * 1024;

/** A pipe does not block the open; a link fails it. */
const READING = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;

const NO_CHANGES: Changes = new Map();

/** Reads nothing outside its folder. */
export class FolderSource implements Source {
  private readonly root: string;

  /** Undefined outside the project. */
  private readonly realFolders = new Map<string, string | undefined>();

  /** @throws DozlabError with code `missing-project` if the folder does not exist */
  constructor(
    folder: string,
    private readonly changes = NO_CHANGES,
  ) {
    try {
      this.root = realpathSync(folder);
      readdirSync(this.root);
    } catch (error) {
      throw new DozlabError('missing-project', `there is no folder ${folder} that can be read`, { cause: error });
    }
  }

  list(folder: string, diagnostics: Diagnostics): Listing {
    const there = this.listed(folder, diagnostics);
    if (this.changes.size === 0) return there;
    const files = new Set(there.files);
    const folders = new Set(there.folders);
    const start = folder === '.' ? '' : `${folder}/`;
    for (const [path, content] of this.changes) {
      if (!path.startsWith(start)) continue;
      const [name = '', ...below] = path.slice(start.length).split('/');
      if (below.length > 0 && content !== undefined) folders.add(name);
      else if (below.length === 0 && content !== undefined) files.add(name);
      else if (below.length === 0) files.delete(name);
    }
    return { files: Array.from(files).sort(), folders: Array.from(folders).sort() };
  }

  private listed(folder: string, diagnostics: Diagnostics): Listing {
    const real = this.inside(folder, diagnostics);
    if (real === undefined) return { files: [], folders: [] };
    let entries: Dirent[];
    try {
      entries = readdirSync(real, { withFileTypes: true });
    } catch (error) {
      reportUnreadable(folder, error, diagnostics);
      return { files: [], folders: [] };
    }
    const names = entries
      .filter(({ name }) => !name.startsWith('.'))
      .sort((one, other) => (one.name < other.name ? -1 : 1));
    const isFolder = (entry: Dirent): boolean =>
      entry.isDirectory() || (entry.isSymbolicLink() && this.isLinkToFolder(`${folder}/${entry.name}`));
    return {
      folders: names.filter(isFolder).map(({ name }) => name),
      files: names.filter((entry) => !isFolder(entry)).map(({ name }) => name),
    };
  }

  read(path: string, diagnostics: Diagnostics): FileText | undefined {
    if (this.changes.has(path)) {
      const text = this.changes.get(path);
      return text === undefined ? undefined : fileText(text);
    }
    const refuse = (message: string): undefined => {
      diagnostics.error(path, [], 'unreadable', message);
    };
    const file = this.openInFolder(path) ?? this.openByLinks(path, diagnostics);
    if (file === undefined) return undefined;
    try {
      const stat = fstatSync(file);
      if (!stat.isFile()) return refuse('is not a file');
      if (stat.size > LARGEST_FILE) return refuse(`has ${String(stat.size)} bytes; accepted: at most 1 MiB`);
      const bytes = bytesOf(file, stat.size);
      if (!isUtf8(bytes)) return refuse('is not text in UTF-8');
      return isAscii(bytes) ? { text: bytes.toString('latin1'), mark: '' } : fileText(bytes.toString('utf8'));
    } catch (error) {
      reportUnreadable(path, error, diagnostics);
      return undefined;
    } finally {
      closeSync(file);
    }
  }

  /** Fast path: most files are no links. */
  private openInFolder(path: string): number | undefined {
    const place = this.inRealFolder(path);
    if (place === undefined) return undefined;
    try {
      return openSync(place, READING);
    } catch {
      return undefined;
    }
  }

  private inRealFolder(path: string): string | undefined {
    const end = path.lastIndexOf('/');
    const name = path.slice(end + 1);
    const folder = this.realFolder(path.slice(0, Math.max(end, 0)));
    return folder === undefined || ['', '.', '..'].includes(name) ? undefined : folder + sep + name;
  }

  private realFolder(path: string): string | undefined {
    if (!this.realFolders.has(path)) this.realFolders.set(path, this.inside(path, new Diagnostics()));
    return this.realFolders.get(path);
  }

  private openByLinks(path: string, diagnostics: Diagnostics): number | undefined {
    const real = this.inside(path, diagnostics);
    if (real === undefined) return undefined;
    try {
      return openSync(real, READING);
    } catch (error) {
      reportUnreadable(path, error, diagnostics);
      return undefined;
    }
  }

  /** Undefined if missing or outside the project. */
  private inside(path: string, diagnostics: Diagnostics): string | undefined {
    let real: string;
    try {
      real = realpathSync(join(this.root, path));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') reportUnreadable(path, error, diagnostics);
      else if (this.isBrokenLink(path)) diagnostics.error(path, [], 'unreadable', 'is a symbolic link to nothing');
      return undefined;
    }
    if (real === this.root || real.startsWith(this.root + sep)) return real;
    const message = 'is a symbolic link out of the project; accepted: a file in the project';
    diagnostics.error(path, [], 'outside-project', message);
    return undefined;
  }

  private isBrokenLink(path: string): boolean {
    try {
      const parent = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
      const name = path.slice(path.lastIndexOf('/') + 1);
      return readdirSync(join(this.root, parent)).includes(name);
    } catch {
      return false;
    }
  }

  private isLinkToFolder(path: string): boolean {
    try {
      readdirSync(join(this.root, path));
      return true;
    } catch {
      return false;
    }
  }
}

/** Reused: allocation takes longer than reading. */
const room = Buffer.allocUnsafeSlow(LARGEST_FILE);

/** Valid until the next call. */
function bytesOf(file: number, size: number): Buffer {
  let length = 0;
  while (length < size) {
    const read = readSync(file, room, length, size - length, null);
    if (read === 0) break; // it has become shorter
    length += read;
  }
  return room.subarray(0, length);
}

function reportUnreadable(path: string, error: unknown, diagnostics: Diagnostics): void {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  diagnostics.error(path, [], 'unreadable', `cannot be read (${code})`);
}
