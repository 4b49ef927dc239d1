/** A way to make sessions' manifests, or a command of ours. */
export interface Way {
  readonly title: string;
  /** Its line in the picture. */
  readonly colour: string;
  /** What it does and what it is spared, for whoever judges the comparison. */
  readonly does: string;
}

/** In the order in which they take turns: each command of ours finds the project as the one before left it. */
export const WAYS = {
  synth: {
    title: '`dozlab synth`, cold start',
    colour: '#2f81f7',
    does: 'reads, checks and renders all session files into an empty `dist/` and `fluxcd/`; half of the cohorts with the delivery `helm`, half with `kustomize`',
  },
  unchanged: {
    title: '`dozlab synth`, nothing changed',
    colour: '#1b9e9e',
    does: 'again, right after that',
  },
  changed: {
    title: '`dozlab synth`, one session changed',
    colour: '#2da44e',
    does: 'again, after a value in one session file is another one',
  },
  validate: { title: '`dozlab validate`', colour: '#7a9a01', does: 'checks all files, right after that' },
  report: {
    title: '`dozlab report`, one session changed',
    colour: '#5e81ac',
    does: 'compares with the commit before that change; Git reads the commit for it',
  },
  plain: {
    title: '`dozlab synth`, all as plain manifests',
    colour: '#6f6cf0',
    does: 'a cold start with the delivery `kustomize` only: what the ways below make too',
  },
  limit: {
    title: 'reading and writing only',
    colour: '#848d97',
    does: 'a bare Node program that reads the same files, and writes as many files of the same sizes as the cold start does: about as fast as a program on Node can be',
  },
  appEach: {
    title: 'cdk8s, one App a session',
    colour: '#b08800',
    does: 'our own constructs in plain cdk8s, one process; it reads finished values from one JSON file, and no session files',
  },
  oneApp: {
    title: 'cdk8s, one App',
    colour: '#e5534b',
    does: 'the same with one App that has a Chart a session, as cdk8s is meant to be used',
  },
  helm: {
    title: '`helm template`, one run a session',
    colour: '#d4792a',
    does: 'our own chart, with the finished values of a session in a file; only the runs are timed',
  },
  kustomize: {
    title: '`kustomize build`, one run a cohort',
    colour: '#d9579e',
    does: 'puts finished manifests together and renders nothing; the time grows faster than the number of manifests, so each cohort has a run of its own',
  },
} as const satisfies Record<string, Way>;

export type WayName = keyof typeof WAYS;

export const WAY_NAMES = Object.keys(WAYS) as WayName[];

/** What every run of a command pays first. */
export const STARTS = { node: '`node -e 0`', help: '`dozlab --help`' } as const;

export type StartName = keyof typeof STARTS;

export const START_NAMES = Object.keys(STARTS) as StartName[];
