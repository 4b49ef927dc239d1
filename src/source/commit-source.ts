import { posix } from 'node:path';
import { PROJECT_FILE } from '../api/file-names';
import { FLUX_FOLDER, OUTPUT_FOLDER } from '../model/project';
import { fileText, type FileText, type Listing, type Source } from './source';

export const PROJECT_PATHS: readonly string[] = [
  PROJECT_FILE,
  'labs',
  'sessions',
  'secrets',
  'charts',
  'schemas',
  OUTPUT_FOLDER,
  FLUX_FOLDER,
];

interface Entry {
  readonly content: string;
  readonly isLink: boolean;
}

/** Stops endless loops of links. */
const MOST_LINKS = 40;

export class CommitSource implements Source {
  private readonly folders = new Map<string, { files: string[]; folders: Set<string> }>();

  private readonly hasLinks: boolean;

  constructor(private readonly entries: ReadonlyMap<string, Entry>) {
    this.hasLinks = Array.from(entries.values()).some(({ isLink }) => isLink);
    for (const path of entries.keys()) this.add(path);
  }

  list(folder: string): Listing {
    const path = this.resolved(folder === '.' ? '' : folder);
    const found = path === undefined ? undefined : this.folders.get(path);
    const shown = (names: Iterable<string>): string[] =>
      Array.from(names)
        .filter((name) => !name.startsWith('.'))
        .sort();
    return { files: shown(found?.files ?? []), folders: shown(found?.folders ?? []) };
  }

  read(path: string): FileText | undefined {
    const real = this.resolved(path);
    const entry = real === undefined ? undefined : this.entries.get(real);
    return entry === undefined ? undefined : fileText(entry.content);
  }

  private add(path: string): void {
    const end = path.lastIndexOf('/');
    const [place, name] = [path.slice(0, Math.max(end, 0)), path.slice(end + 1)];
    const target = this.resolved(path);
    if (target !== undefined && !this.entries.has(target)) this.folder(place).folders.add(name);
    else this.folder(place).files.push(name);
  }

  private folder(path: string): { files: string[]; folders: Set<string> } {
    const present = this.folders.get(path);
    if (present !== undefined) return present;
    const made = { files: [], folders: new Set<string>() };
    this.folders.set(path, made);
    if (path !== '') {
      const place = posix.dirname(path) === '.' ? '' : posix.dirname(path);
      this.folder(place).folders.add(posix.basename(path));
    }
    return made;
  }

  /** Undefined if a link leaves the project or its target is missing. */
  private resolved(path: string): string | undefined {
    if (!this.hasLinks) return path;
    let rest = path === '' ? [] : path.split('/');
    let done: string[] = [];
    for (let links = 0; rest.length > 0;) {
      const [step = '', ...further] = rest;
      const next = [...done, step].join('/');
      const entry = this.entries.get(next);
      if (entry?.isLink !== true) {
        done = [...done, step];
        rest = further;
        continue;
      }
      const target = posix.normalize(posix.join(done.join('/') || '.', entry.content));
      links += 1;
      if (links > MOST_LINKS || target.startsWith('..') || entry.content.startsWith('/')) return undefined;
      rest = [...(target === '.' ? [] : target.split('/')), ...further];
      done = [];
    }
    return done.join('/');
  }
}
