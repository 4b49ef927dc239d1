import type { Basis } from '../results';
import type { Run } from '../run';
import type { OtherTools } from '../tools';

export interface Site {
  readonly folder: string;
  readonly sessions: number;
  readonly basis: Basis;
  readonly tools: OtherTools;
}

/** The bench times only `run`. */
export interface Runner {
  readonly reset?: (round: number) => void;
  readonly run: () => Promise<Run>;
}

export const sampleOf = (basis: Basis, of: number): number => (basis.kind === 'sampled' ? basis.sample : of);
