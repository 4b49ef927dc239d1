import type { Diagnostics } from '../core/diagnostics';
import { type SessionText, joinSessionText, splitValidText } from './session-text';
import { COHORT_FILE } from '../api/file-names';
import type { SessionIdentity } from '../api/session';
import type { Cache } from '../cache/cache';
import type { Fingerprint } from '../cache/fingerprint';

/** Sorted, without hidden names. */
export interface Listing {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/** Without byte order mark. */
export interface FileText {
  readonly text: string;
  /** Byte order mark or empty. */
  readonly mark: string;
  /** With a valid identity. */
  readonly split?: SessionText;
}

/** Paths are relative to the project. */
export interface Source {
  list(folder: string, diagnostics: Diagnostics): Listing;
  /** Undefined if missing or unreadable. */
  read(path: string, diagnostics: Diagnostics): FileText | undefined;
}

export function fileText(whole: string): FileText {
  const text = whole.replace(/^\ufeff/, '');
  return { text, mark: whole.slice(0, whole.length - text.length) };
}

export interface CachedFiles {
  readonly cache: Cache;
  readonly inputs: Fingerprint;
}

export class CachedSource implements Source {
  constructor(
    private readonly source: Source,
    private readonly cached: CachedFiles,
  ) {}

  list(folder: string, diagnostics: Diagnostics): Listing {
    return this.source.list(folder, diagnostics);
  }

  read(path: string, diagnostics: Diagnostics): FileText | undefined {
    const { cache, inputs } = this.cached;
    const stat = isSession(path) ? inputs.files.get(path) : undefined;
    if (stat === undefined) return this.source.read(path, diagnostics);
    const row = cache.row(path, stat);
    if (row !== undefined) {
      const split = { classText: row.classText, identity: row.identity as SessionIdentity };
      return { text: joinSessionText(split), mark: '', split };
    }
    const read = this.source.read(path, diagnostics);
    const split = read?.mark === '' ? splitValidText(read.text) : undefined;
    if (read === undefined || split === undefined) return read;
    cache.record(path, split);
    return { ...read, split };
  }
}

const isSession = (path: string): boolean => /^sessions\/[^/]+\/[^/]+$/.test(path) && !path.endsWith(`/${COHORT_FILE}`);
