import type { Basis } from '../results';
import type { Run } from '../run';
import type { OtherTools } from '../tools';

/** Where a way is measured at a number of sessions. */
export interface Site {
  /** Its own, but for what it shares with the other ways at the same number. */
  readonly folder: string;
  readonly sessions: number;
  readonly basis: Basis;
  readonly tools: OtherTools;
}

/** One way at one number of sessions, ready to be run. Only `run` is timed. */
export interface Runner {
  /** What a run must find, or must not find. */
  readonly reset?: (round: number) => void;
  readonly run: () => Promise<Run>;
}

/** How many of its runs a way is to make. */
export const sampleOf = (basis: Basis, of: number): number => (basis.kind === 'sampled' ? basis.sample : of);
