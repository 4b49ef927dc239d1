import type { StartName, WayName } from './way';

/** How a number came to be. */
export type Basis =
  | { readonly kind: 'measured' }
  /** Of so many runs that the way needs, some were made, and their time scaled. */
  | { readonly kind: 'sampled'; readonly sample: number; readonly of: number }
  /** By the power law through the times at two smaller numbers of sessions. */
  | { readonly kind: 'extrapolated'; readonly from: readonly [number, number] }
  | { readonly kind: 'absent'; readonly reason: string };

/** A time; null when it is not known. */
export interface Timing {
  /** Median of the runs: of a whole process, from its start to its end. */
  readonly seconds: number | null;
  /** The most memory that a process had resident, over all runs; null where the system does not tell. */
  readonly megabytes: number | null;
  readonly runs: number;
}

export interface Measurement extends Timing {
  readonly way: WayName;
  readonly sessions: number;
  readonly basis: Basis;
}

export interface Start extends Timing {
  readonly start: StartName;
}

export interface Machine {
  readonly date: string;
  readonly cpus: number;
  readonly cpu: string;
  readonly memoryGigabytes: number;
  readonly platform: string;
  readonly node: string;
  readonly helm: string | null;
  readonly kustomize: string | null;
  readonly storage: 'tmpfs' | 'disk';
  /** The load average of the minute before. */
  readonly load: number;
}

/** What a run of the bench found: the tables, the page and the picture are made of this alone. */
export interface Results {
  readonly machine: Machine;
  readonly quick: boolean;
  /** The numbers of sessions that the tables are about; some ways were also measured at others. */
  readonly sessions: readonly number[];
  readonly starts: readonly Start[];
  readonly measurements: readonly Measurement[];
}

export const measurementOf = ({ measurements }: Results, way: WayName, sessions: number): Measurement | undefined =>
  measurements.find((measurement) => measurement.way === way && measurement.sessions === sessions);

export const secondsOf = (results: Results, way: WayName, sessions: number): number | undefined =>
  measurementOf(results, way, sessions)?.seconds ?? undefined;
