import { DOMParser } from '@xmldom/xmldom';
import { picture } from '../../bench/picture';
import { spread } from '../../bench/scale';
import type { Results } from '../../bench/results';
import { WAY_NAMES, WAYS } from '../../bench/way';
import { someResults } from './results';

/** Throws when it is not well-formed XML. */
const parsed = (results: Results) =>
  new DOMParser({
    onError: (level, message) => {
      throw new Error(`${level}: ${message}`);
    },
  }).parseFromString(picture(results), 'image/svg+xml');

const texts = (results: Results): string[] =>
  Array.from(parsed(results).getElementsByTagName('text'), ({ textContent }) => textContent ?? '');

const lineOf = (results: Results, way: string) => {
  const groups = Array.from(parsed(results).getElementsByTagName('g'));
  const group = groups.find((each) => each.getAttribute('data-way') === way);
  return {
    isThere: group !== undefined,
    dots: Array.from(group?.getElementsByTagName('circle') ?? [], (dot) => dot.getAttribute('class') ?? 'full'),
    segments: Array.from(group?.getElementsByTagName('polyline') ?? [], (part) => part.getAttribute('class')),
  };
};

describe('the picture', () => {
  test('has a line and a name for each way that has a time, and says which has none', () => {
    const results = someResults();
    for (const way of WAY_NAMES) {
      const isKnown = results.measurements.some((each) => each.way === way && each.seconds !== null);
      expect({ way, ...lineOf(results, way) }).toMatchObject({ way, isThere: isKnown });
      const title = WAYS[way].title.replaceAll('`', '');
      const named = texts(results).filter((text) => text.startsWith(`${title}: `));
      expect({ way, named: named.length }).toEqual({ way, named: isKnown ? 1 : 0 });
    }
    expect(texts(results).at(-1)).toMatch(/Not measured: .*kustomize build, one run a cohort\.$/);
  });

  test('shows what was not measured as such', () => {
    expect(lineOf(someResults(), 'oneApp')).toEqual({
      isThere: true,
      dots: ['full', 'full', 'hollow'],
      segments: ['line', 'line guess'],
    });
    expect(lineOf(someResults(), 'limit').segments).toEqual(['line', 'line']);
    expect(texts(someResults())).toContain('helm template, one run a session: ≈ 470 s');
    expect(texts(someResults())).toContain('dozlab synth, cold start: 5.00 s');
  });

  test('is well-formed and has no number that is none, with few results and with none', () => {
    const all = someResults();
    const few = { ...all, sessions: [100], measurements: all.measurements.slice(0, 1) };
    for (const results of [all, few, { ...few, measurements: [] }]) {
      expect(parsed(results).documentElement?.localName).toBe('svg');
      expect(picture(results)).not.toMatch(/NaN|Infinity|undefined/);
    }
  });

  test('names stand apart, and not below the lowest place', () => {
    expect(spread([10, 11, 50], 20, 100)).toEqual([10, 30, 50]);
    expect(spread([90, 95, 99], 20, 100)).toEqual([60, 80, 100]);
  });
});
