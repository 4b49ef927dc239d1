import type { Measurement, Results } from '../../bench/results';

const measured = (way: Measurement['way'], sessions: number, seconds: number): Measurement => ({
  way,
  sessions,
  seconds,
  megabytes: 100.4,
  runs: 5,
  basis: { kind: 'measured' },
});

/** Some results, in which each kind of number and each kind of gap occurs. */
export const someResults = (): Results => ({
  machine: {
    date: '2026-01-02',
    cpus: 2,
    cpu: 'A CPU <fast> & "cheap"',
    memoryGigabytes: 16,
    platform: 'linux x64',
    node: 'v24.0.0',
    helm: 'v4.3',
    kustomize: null,
    storage: 'tmpfs',
    load: 0.1,
  },
  quick: false,
  sessions: [100, 1000, 10_000],
  starts: [
    { start: 'node', seconds: 0.04, megabytes: 40, runs: 5 },
    { start: 'help', seconds: 0.16, megabytes: 60, runs: 5 },
  ],
  measurements: [
    ...[100, 1000, 10_000].flatMap((sessions) => [
      measured('synth', sessions, sessions / 2000),
      measured('limit', sessions, sessions / 10_000),
    ]),
    measured('oneApp', 1000, 2),
    measured('oneApp', 2000, 8),
    {
      ...measured('oneApp', 10_000, 200),
      megabytes: null,
      runs: 0,
      basis: { kind: 'extrapolated', from: [1000, 2000] },
    },
    { ...measured('helm', 10_000, 470), basis: { kind: 'sampled', sample: 20, of: 10_000 } },
    {
      ...measured('kustomize', 10_000, 0),
      seconds: null,
      megabytes: null,
      runs: 0,
      basis: { kind: 'absent', reason: 'there is no kubectl' },
    },
  ],
});
