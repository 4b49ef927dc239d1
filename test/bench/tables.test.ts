import { readOptions } from '../../bench/options';
import { page } from '../../bench/page';
import { cohortsFor, planOf } from '../../bench/plan';
import { measurements, timing } from '../../bench/summary';
import { tables } from '../../bench/tables';
import { someResults } from './results';

/** The cells of a row of the last table that has it. */
const row = (text: string, title: string, sessions: string): string[] => {
  const [, table = ''] = text.split(`## ${sessions} sessions\n`);
  const line = table.split('\n').find((each) => each.startsWith(`| ${title}`)) ?? '';
  return line
    .split('|')
    .slice(2, -1)
    .map((cell) => cell.trim());
};

describe('the tables', () => {
  const text = tables(someResults());

  test('tell seconds, what they are against ours and the limit, and memory', () => {
    expect(row(text, '`dozlab synth`, cold start', '10,000')).toEqual(['5.00', '1.00×', '5.00×', '100', 'median of 5']);
    expect(row(text, 'cdk8s, one App', '1,000').slice(0, 3)).toEqual(['2.00', '4.00×', '20.0×']);
  });

  test('say what was sampled, extrapolated or not measured at all', () => {
    expect(row(text, '`helm template`', '10,000').at(-1)).toBe('sampled: 20 of 10,000 runs, scaled; median of 5');
    expect(row(text, 'cdk8s, one App', '10,000')).toEqual([
      '200',
      '40.0×',
      '200×',
      '–',
      'not measured: extrapolated from 1,000 and 2,000 sessions',
    ]);
    expect(row(text, '`kustomize build`', '10,000')).toEqual(['–', '–', '–', '–', 'not measured: there is no kubectl']);
  });

  test('tell growth of what was run at both numbers, and start-up over that of Node', () => {
    const [, growth = ''] = text.split('## Growth');
    expect(growth).toMatch(/`dozlab synth`, cold start \| +500 \| +500 \| +1\.00× \|/);
    expect(growth).not.toContain('one App');
    expect(text).toContain("`dozlab --help` takes 120 ms over Node's own start.");
  });

  test('are on the page, with what they hold for', () => {
    expect(page(someResults())).toContain(text);
    expect(page(someResults())).toContain('on 2026-01-02 with 2 CPUs');
    expect(page(someResults())).toContain('Helm 4.3, files in memory (tmpfs). Run it');
    const { machine, ...results } = someResults();
    expect(page({ ...results, machine: { ...machine, load: 2.5 } })).toContain(
      'busy** (load 2.5 when the bench began)',
    );
  });
});

describe('the plan', () => {
  const plan = (args: string[], helm = true) => {
    const options = readOptions(args);
    if (options === undefined) throw new Error('help was not asked for');
    return planOf(options, { helm, kustomize: true });
  };
  const of = (found: ReturnType<typeof plan>, way: string, sessions: number) =>
    found.find((planned) => planned.way === way && planned.sessions === sessions);

  test('measures ours at every number, and what is extrapolated at the numbers that it needs', () => {
    expect(of(plan([]), 'synth', 10_000)).toMatchObject({ runs: 5, basis: { kind: 'measured' } });
    const oneApp = of(plan(['--sessions', '10000']), 'oneApp', 10_000);
    expect(oneApp).toMatchObject({ runs: 0, basis: { kind: 'extrapolated', from: [1000, 2000] } });
    expect(of(plan(['--sessions', '10000']), 'oneApp', 2000)).toMatchObject({ runs: 1, basis: { kind: 'measured' } });
    expect(of(plan(['--sessions', '10000']), 'synth', 2000)).toBeUndefined();
  });

  test('samples what has a run for each session or cohort', () => {
    expect(of(plan([]), 'helm', 1000)?.basis).toEqual({ kind: 'sampled', sample: 20, of: 1000 });
    expect(of(plan(['--sessions', '3']), 'helm', 3)?.basis).toEqual({ kind: 'measured' });
    expect(of(plan([]), 'kustomize', 10_000)?.basis).toEqual({ kind: 'sampled', sample: 1, of: 40 });
    expect([3, 100, 1000, 10_000].map(cohortsFor)).toEqual([1, 4, 40, 40]);
  });

  test('says why something is not measured', () => {
    expect(of(plan([], false), 'helm', 100)).toMatchObject({ runs: 0, basis: { reason: 'there is no helm' } });
    const quick = plan(['--quick']);
    expect(of(quick, 'synth', 10_000)).toMatchObject({ runs: 1, basis: { kind: 'measured' } });
    for (const way of ['oneApp', 'appEach', 'kustomize'])
      expect(of(quick, way, 10_000)).toMatchObject({ runs: 0, basis: { reason: 'left out of a quick run' } });
  });

  test.each(['0', 'x', '10,,20', '-3'])('refuses %j as numbers of sessions', (sessions) => {
    expect(() => readOptions([`--sessions=${sessions}`])).toThrow('accepted: whole numbers');
  });
});

describe('several runs', () => {
  const run = (seconds: number, megabytes: number | null = 10) => ({ seconds, megabytes });

  test('come to their median, the most memory, and a sample to all that it stands for', () => {
    expect(timing([run(3), run(1, 20), run(2)])).toEqual({ seconds: 2, megabytes: 20, runs: 3 });
    expect(timing([run(1), run(2)], { kind: 'sampled', sample: 2, of: 10 })).toMatchObject({ seconds: 7.5 });
    expect(timing([run(1, null)])).toMatchObject({ megabytes: null });
  });

  test('are carried on to a larger number by their power law', () => {
    const planned = [
      [1000, 2],
      [2000, 8],
      [10_000, 0],
    ].map(
      ([sessions = 0, seconds = 0]) =>
        [
          {
            way: 'oneApp' as const,
            sessions,
            runs: 1,
            basis:
              seconds === 0
                ? { kind: 'extrapolated' as const, from: [1000, 2000] as const }
                : { kind: 'measured' as const },
          },
          seconds === 0 ? [] : [run(seconds)],
        ] as const,
    );
    expect(measurements(new Map(planned)).map(({ seconds }) => seconds)).toEqual([2, 8, 200]);
  });
});
