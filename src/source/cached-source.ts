import { COHORT_FILE } from '../api/file-names';
import type { SessionIdentity } from '../api/session-identity';
import type { Cache } from '../cache/cache';
import type { Fingerprint } from '../cache/fingerprint';
import type { Diagnostics } from '../core/diagnostics';
import { joinSessionText, splitSessionText } from './session-text';
import type { FileText, Listing, Source } from './source';

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
    const split = read?.mark === '' ? splitSessionText(read.text) : undefined;
    if (read === undefined || split === undefined) return read;
    cache.record(path, split);
    return { ...read, split };
  }
}

const isSession = (path: string): boolean => /^sessions\/[^/]+\/[^/]+$/.test(path) && !path.endsWith(`/${COHORT_FILE}`);
