import { extrapolate, type Point } from './extrapolate';
import { median } from './median';
import type { Planned } from './plan';
import type { Basis, Measurement, Timing } from './results';
import type { Run } from './run';

export function timing(runs: readonly Run[], basis: Basis = { kind: 'measured' }): Timing {
  if (runs.length === 0) return { seconds: null, megabytes: null, runs: 0 };
  const scale = basis.kind === 'sampled' ? basis.of / basis.sample : 1;
  const known = runs.map(({ megabytes }) => megabytes).filter((megabytes) => megabytes !== null);
  return {
    seconds: rounded(median(runs.map(({ seconds }) => seconds)) * scale, 4),
    megabytes: known.length === 0 ? null : rounded(Math.max(...known), 1),
    runs: runs.length,
  };
}

export function measurements(runsOf: ReadonlyMap<Planned, readonly Run[]>): Measurement[] {
  const measured = Array.from(runsOf, ([{ way, sessions, basis }, runs]): Measurement => ({
    way,
    sessions,
    ...timing(runs, basis),
    basis,
  }));
  const pointOf = (way: string, count: number): Point => {
    const found = measured.find((each) => each.way === way && each.sessions === count);
    if (found?.seconds == null) throw new Error(`${way} was not measured at ${String(count)} sessions`);
    return [count, found.seconds];
  };
  return measured.map((each) => {
    const { basis, way, sessions } = each;
    if (basis.kind !== 'extrapolated') return each;
    const [one, other] = basis.from;
    return { ...each, seconds: rounded(extrapolate([pointOf(way, one), pointOf(way, other)], sessions), 1) };
  });
}

const rounded = (number: number, digits: number): number => Number(number.toFixed(digits));
