import type { Problem } from '../core/diagnostics';
import type { FileStat, Fingerprint } from './fingerprint';

/** What a run read in an input file. Plain data. */
export interface Row {
  /** The text of the file without its identity. */
  readonly classText: string;
  readonly identity: object;
}

/** A row of an earlier run. */
export interface KnownRow extends Row {
  /** Output files that hold what they should as long as they have these stats. None if another input of the row has changed. */
  readonly outputs: readonly OutputStat[];
}

export type OutputStat = readonly [path: string, stat: FileStat];

/** What a run found and left. Plain data. */
export interface Summary {
  readonly problems: readonly Problem[];
  /** Number of files in each output folder. */
  readonly counts: Readonly<Record<string, number>>;
}

/** A run that has written its output. */
export interface RunTime {
  /** Before anything was read: milliseconds. */
  readonly startedAt: number;
  /** After everything was written: milliseconds. */
  readonly endedAt: number;
  /** Bytes of each file that was written, by path in the project; undefined for a removed file. */
  readonly written: ReadonlyMap<string, number | undefined>;
}

/** Lets a run skip files that did not change since an earlier run. */
export interface Cache {
  /** The summary of the last run, if it found all inputs and left all outputs as they are now. To be called first. */
  unchanged(inputs: Fingerprint, outputs: Fingerprint): Summary | undefined;
  /** The row of an input file, if the file is as it was. */
  row(path: string, stat: FileStat): KnownRow | undefined;
  /**
   * What an earlier run made of the same, or what `make` gives.
   * @param of plain data
   * @param make gives plain data
   */
  memo<T>(name: string, of: unknown, make: () => T): T;
  record(path: string, row: Row): void;
  /**
   * Writes what is certain. Drops each file that changed during the run, or so short before it that a later change may leave its ctime.
   * @param summary undefined when the next run must look at all files
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
