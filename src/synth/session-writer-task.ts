import type { SessionBatch } from '../manifests/session-batch';

/** What a thread that writes files of sessions is to do. */
export interface SessionWriterTask {
  /** All that it writes goes below it. */
  readonly folder: string;
  /** Who takes a batch marks its place: several threads take what no other has taken. */
  readonly claims: Int32Array;
}

/** A batch with its place among all. */
export interface GivenBatch {
  readonly place: number;
  readonly batch: SessionBatch;
}

/** Takes a batch, unless somebody has taken it. */
export const claim = (claims: Int32Array, place: number): boolean => Atomics.compareExchange(claims, place, 0, 1) === 0;
