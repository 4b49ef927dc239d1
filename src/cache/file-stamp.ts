import type { Stats } from 'node:fs';
import { statOf } from '../core/safe-path';

/**
 * What tells one state of a file from another without reading it: its size in bytes, its inode, and when anything of it last changed, in
 * milliseconds, which no program can set.
 */
export type Stamp = readonly [size: number, inode: number, changed: number];

export const stampOf = ({ size, ino, ctimeMs }: Stats): Stamp => [size, ino, ctimeMs];

/** The stamp of a regular file; undefined where there is none. */
export function fileStamp(path: string): Stamp | undefined {
  const stat = statOf(path);
  return stat?.isFile() === true ? stampOf(stat) : undefined;
}

/** A stamp of those that stand one behind the other. */
export const stampAt = (stamps: ArrayLike<number>, index: number): Stamp => [
  stamps[3 * index] ?? 0,
  stamps[3 * index + 1] ?? 0,
  stamps[3 * index + 2] ?? 0,
];

export const isSame = (one: Stamp, other: Stamp): boolean =>
  one[0] === other[0] && one[1] === other[1] && one[2] === other[2];

/** Steps in which file systems count time, at most: most count in less than this, some in seconds. Milliseconds. */
export const STEP = 20;
const COARSE_STEP = 2000;

/**
 * Whether every later change gives a file another stamp: one within the same step of the file system's clock would not (Git, "Use of index and
 * Racy Git problem").
 * @param now when it had that stamp
 */
export const isSettled = (stamp: Stamp, now: number): boolean => now - stamp[2] > stepOf(stamp);

const stepOf = ([, , changed]: Stamp): number => (changed % 1000 === 0 ? COARSE_STEP : STEP);

/** When a run began to read, and when it had written: milliseconds. */
export interface RunTime {
  readonly startedAt: number;
  readonly endedAt: number;
}

/** Whether a file is the one that a run has written, by when it was changed and how long it is. */
export const isWrittenIn = ({ startedAt, endedAt }: RunTime, { mtimeMs, size }: Stats, content: string): boolean =>
  mtimeMs >= startedAt - STEP && mtimeMs <= endedAt && size === Buffer.byteLength(content);

/** Until what was written last has a time of its own. */
export const waitForStep = (): unknown => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, STEP + 1);
