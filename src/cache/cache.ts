import type { Problem } from '../core/diagnostics';
import type { FileStat, Fingerprint } from './fingerprint';

/** Plain data. */
export interface Row {
  /** The text of the file without its identity. */
  readonly classText: string;
  readonly identity: object;
}

export interface CachedRow extends Row {
  /** Correct while these stats match. Empty if another input of the row changed. */
  readonly outputs: readonly OutputStat[];
}

export type OutputStat = readonly [path: string, stat: FileStat];

export interface Summary {
  readonly problems: readonly Problem[];
  readonly counts: Readonly<Record<string, number>>;
}

export interface RunTime {
  /** Milliseconds, before the first read. */
  readonly startedAt: number;
  /** Milliseconds, after the last write. */
  readonly endedAt: number;
  /** Bytes by project path; undefined for a removed file. */
  readonly written: ReadonlyMap<string, number | undefined>;
}

export interface Cache {
  /** Call it first. Undefined unless all inputs and outputs match the last run. */
  unchanged(inputs: Fingerprint, outputs: Fingerprint): Summary | undefined;
  row(path: string, stat: FileStat): CachedRow | undefined;
  /** `of` and the result of `make` are plain data. */
  memo<T>(name: string, of: unknown, make: () => T): T;
  record(path: string, row: Row): void;
  /**
   * Drops files whose later changes ctime may miss.
   * @param summary undefined if the next run must check all files
   */
  commit(run: RunTime, summary: Summary | undefined): void;
}

export const NO_CACHE: Cache = {
  unchanged: () => undefined,
  row: () => undefined,
  memo: (_name, _of, make) => make(),
  record: () => undefined,
  commit: () => undefined,
};
