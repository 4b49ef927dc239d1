import type { StartName, WayName } from './way';

export type Basis =
  | { readonly kind: 'measured' }
  /** The bench made `sample` of `of` runs and scaled the time. */
  | { readonly kind: 'sampled'; readonly sample: number; readonly of: number }
  /** Power law through two smaller numbers of sessions. */
  | { readonly kind: 'extrapolated'; readonly from: readonly [number, number] }
  | { readonly kind: 'absent'; readonly reason: string };

export interface Timing {
  /** Median of the runs, each from process start to end. */
  readonly seconds: number | null;
  /** Peak resident memory. Null if the system does not report it. */
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
  /** Load average of the last minute. */
  readonly load: number;
}

export interface Results {
  readonly machine: Machine;
  readonly quick: boolean;
  readonly sessions: readonly number[];
  readonly starts: readonly Start[];
  readonly measurements: readonly Measurement[];
}

export const measurementOf = ({ measurements }: Results, way: WayName, sessions: number): Measurement | undefined =>
  measurements.find((measurement) => measurement.way === way && measurement.sessions === sessions);

export const secondsOf = (results: Results, way: WayName, sessions: number): number | undefined =>
  measurementOf(results, way, sessions)?.seconds ?? undefined;
