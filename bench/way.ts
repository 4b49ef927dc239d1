export interface Way {
  readonly title: string;
  readonly colour: string;
  /** Lists skipped work too, for a fair comparison. */
  readonly does: string;
}

/** Each Dozlab command runs on the project that the previous one left. */
export const WAYS = {
  synth: {
    title: '`dozlab synth`, cold start',
    colour: '#2f81f7',
    does: 'reads, checks and renders all session files into an empty `dist/` and `fluxcd/`; half of the cohorts with the delivery `helm`, half with `kustomize`',
  },
  unchanged: {
    title: '`dozlab synth`, nothing changed',
    colour: '#1b9e9e',
    does: 'runs again on the same project',
  },
  changed: {
    title: '`dozlab synth`, one session changed',
    colour: '#2da44e',
    does: 'runs again after one value of one session file changed',
  },
  validate: { title: '`dozlab validate`', colour: '#7a9a01', does: 'checks all files of the same project' },
  report: {
    title: '`dozlab report`, one session changed',
    colour: '#5e81ac',
    does: 'compares with the commit before that change; Git reads the commit for it',
  },
  plain: {
    title: '`dozlab synth`, all as plain manifests',
    colour: '#6f6cf0',
    does: 'a cold start with the delivery `kustomize` only, the same output as the programs below',
  },
  limit: {
    title: 'reading and writing only',
    colour: '#848d97',
    does: 'a bare Node program that reads the same files and writes files of the same number and size as the cold start: the limit of a Node program',
  },
  appEach: {
    title: 'cdk8s, one App a session',
    colour: '#b08800',
    does: "Dozlab's constructs in plain cdk8s, in one process. It reads complete values from one JSON file, and no session files",
  },
  oneApp: {
    title: 'cdk8s, one App',
    colour: '#e5534b',
    does: 'the same with one App that has a Chart for each session, the usual way in cdk8s',
  },
  helm: {
    title: '`helm template`, one run a session',
    colour: '#d4792a',
    does: "Dozlab's chart, with the complete values of a session in a file. Only the runs are timed",
  },
  kustomize: {
    title: '`kustomize build`, one run a cohort',
    colour: '#d9579e',
    does: 'joins complete manifests and renders nothing. Its time grows faster than the number of manifests, so each cohort has its own run',
  },
} as const satisfies Record<string, Way>;

export type WayName = keyof typeof WAYS;

export const WAY_NAMES = Object.keys(WAYS) as WayName[];

export const STARTS = { node: '`node -e 0`', help: '`dozlab --help`' } as const;

export type StartName = keyof typeof STARTS;

export const START_NAMES = Object.keys(STARTS) as StartName[];
