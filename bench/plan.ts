import type { Options } from './options';
import type { Basis } from './results';
import { WAY_NAMES, type WayName } from './way';

export interface Planned {
  readonly way: WayName;
  readonly sessions: number;
  readonly runs: number;
  readonly basis: Basis;
}

export interface Available {
  readonly helm: boolean;
  readonly kustomize: boolean;
}

/** 25 sessions each, up to 40 cohorts. */
export const cohortsFor = (sessions: number): number => Math.min(40, Math.ceil(sessions / 25));

/** Runs of a way that takes more than about 10 seconds. */
const SLOW_RUNS = 2;
const MANY = 10_000;

/** Time grows with the square of the sessions: in rounds up to the first number, once at the second. */
const ONE_APP = [1000, 2000] as const;

const HELM_SAMPLE = { full: 20, quick: 5 };
/** Sessions per cohort. */
const KUSTOMIZE_SAMPLE = { full: 100, quick: 50 };

export function planOf(options: Options, available: Available): Planned[] {
  const further = options.sessions.some((sessions) => sessions > ONE_APP[0]) && !options.quick ? ONE_APP : [];
  const counts = [...new Set([...options.sessions, ...further])].sort((one, other) => one - other);
  return counts.flatMap((sessions) =>
    WAY_NAMES.filter((way) => way === 'oneApp' || options.sessions.includes(sessions)).map((way) => {
      const basis = basisOf(way, sessions, options, available);
      return { way, sessions, runs: runsOf(way, sessions, basis, options), basis };
    }),
  );
}

function runsOf(way: WayName, sessions: number, basis: Basis, { quick, rounds }: Options): number {
  if (basis.kind === 'absent' || basis.kind === 'extrapolated') return 0;
  if (way === 'oneApp' && sessions > ONE_APP[0]) return 1;
  if (quick && sessions >= MANY) return 1;
  const isSlow =
    way === 'oneApp' ? sessions >= ONE_APP[0] : sessions >= MANY && (way === 'appEach' || way === 'kustomize');
  return isSlow ? Math.min(rounds, SLOW_RUNS) : rounds;
}

function basisOf(way: WayName, sessions: number, { quick }: Options, available: Available): Basis {
  const size = quick ? 'quick' : 'full';
  const left: Basis = { kind: 'absent', reason: 'left out of a quick run' };
  if (way === 'helm') {
    if (!available.helm) return { kind: 'absent', reason: 'there is no helm' };
    return sampled(HELM_SAMPLE[size], sessions);
  }
  if (way === 'kustomize') {
    if (!available.kustomize) return { kind: 'absent', reason: 'there is no kubectl' };
    if (quick && sessions >= MANY) return left;
    const cohorts = cohortsFor(sessions);
    return sampled(Math.max(1, Math.floor((KUSTOMIZE_SAMPLE[size] * cohorts) / sessions)), cohorts);
  }
  if (way === 'appEach' && quick && sessions >= MANY) return left;
  if (way === 'oneApp' && sessions > ONE_APP[quick ? 0 : 1]) {
    return quick ? left : { kind: 'extrapolated', from: ONE_APP };
  }
  return { kind: 'measured' };
}

const sampled = (sample: number, of: number): Basis =>
  sample < of ? { kind: 'sampled', sample, of } : { kind: 'measured' };
