import type { Measurement } from './results';

export const count = (number: number): string => number.toLocaleString('en-US');

/** About three significant digits. */
export const amount = (number: number): string =>
  number > 0 && number < 0.1
    ? number.toFixed(3)
    : number < 10
      ? number.toFixed(2)
      : number < 100
        ? number.toFixed(1)
        : whole(number);

export const whole = (number: number): string => count(Math.round(number));

export const isMeasured = ({ basis }: Measurement): boolean => basis.kind === 'measured';

export const medianOf = (runs: number): string => (runs === 1 ? 'one run' : `median of ${String(runs)}`);

export function how({ basis, runs }: Measurement): string {
  const median = medianOf(runs);
  if (basis.kind === 'measured') return median;
  if (basis.kind === 'sampled') return `sampled: ${count(basis.sample)} of ${count(basis.of)} runs, scaled; ${median}`;
  if (basis.kind === 'extrapolated')
    return `not measured: extrapolated from ${basis.from.map(count).join(' and ')} sessions`;
  return `not measured: ${basis.reason}`;
}
