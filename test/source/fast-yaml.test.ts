import fc from 'fast-check';
import { readSimpleYaml } from '../../src/source/fast-yaml';
import { readYaml, readYamlDocuments, type YamlFile } from '../../src/source/yaml';
import { isMapping, type Path } from '@dozlab/charts/schema';
import { sessionText } from '../support/problems';
import { expectProperty } from '../support/property';

const KEYS = ['a', 'b', 'userId', 'a.b/c-d_e', 'null', 'true', 'constructor', 'toString', '_x', 'no'];
const ODD_KEYS = [
  '__proto__',
  '"a"',
  "'b'",
  '1',
  '1a',
  '<<',
  '? a',
  '- a',
  '&x a',
  '!t a',
  '*x',
  'a b',
  '{a: b}',
  'é',
  '',
];

const VALUES =
  `0 07 00 0x1f 0x 0xg 0o17 0b11 0e1 0. 1e3 1E3 1e 1.5 1. .5 -1 +1 1_000 12345678901234567 999999999999999 9999999999999999
true True TRUE false null Null NULL nULL ~ NaN .nan .inf yes no on y e3 _a 2027-01-31 2027-01-31T18:00:00Z 12:30:45 8G a@b.example a:b a::b
a: :a a#b #b "" '' "a" 'a' "a'b" 'a"b' {} [] | > &a *a !t ! ? - = << / /a a/ (a) a,b , @a %a é "é" a\\b 'it''s' "a\\n" "a\\"b" --- ...`
    .split(/\s/)
    .concat([
      'a b',
      'a  b c',
      '1 2',
      '5 apples',
      'a: b',
      'a :b',
      'a #b',
      'a - b',
      '"a # b"',
      "'a: b'",
      '"a: b',
      '[a, b]',
    ])
    .concat([
      '{a: b}',
      '&a x',
      '!t x',
      '- x',
      '? x',
      '| x',
      '"a" b',
      "'a' 'b'",
      'a\tb',
      'x, y',
      '--- a',
      '"%"',
      'a "b" c',
    ]);

type Child = string | Tree | List;

interface Tree {
  readonly entries: readonly (readonly [string, Child])[];
}

interface List {
  readonly items: readonly (string | Tree)[];
}

const tidyKey = fc.constantFrom(...KEYS);
const tidyValue = fc.constantFrom('alice', '1', 'true', 'null', '"a b"', "'c'", 'a b', '2027-01-31T18:00:00Z');
const key = fc.oneof({ weight: 30, arbitrary: tidyKey }, fc.constantFrom(...ODD_KEYS));
const value = fc.oneof(
  { weight: 12, arbitrary: tidyValue },
  { weight: 2, arbitrary: fc.constantFrom(...VALUES) },
  fc.string({ maxLength: 6, unit: fc.constantFrom(...Array.from('ab01.:-#"\'/ eExX+_')) }),
);

const treeOf = (name: fc.Arbitrary<string>, scalar: fc.Arbitrary<string>): fc.Arbitrary<Tree> =>
  fc.letrec<{ tree: Tree; list: List }>((tie) => ({
    tree: fc.record({
      entries: fc.array(
        fc.tuple(name, fc.oneof({ depthSize: 'small', withCrossShrink: true }, scalar, tie('tree'), tie('list'))),
        { minLength: 1, maxLength: 4 },
      ),
    }),
    list: fc.record({
      items: fc.array(fc.oneof({ depthSize: 'small', withCrossShrink: true }, scalar, tie('tree')), {
        minLength: 1,
        maxLength: 3,
      }),
    }),
  })).tree;

const tree = fc.oneof(treeOf(key, value), treeOf(tidyKey, tidyValue));

const FILLERS = [
  '',
  '',
  '',
  '',
  '',
  '',
  '# note',
  '   # note: {"',
  ' ',
  '#',
  '---',
  '...',
  '%YAML 1.2',
  '- a',
  '\t',
  'a',
];

type Choice = (most: number) => number;

const endOf = (choice: Choice): string => [' # note', '  ', '#x', ' #', '\r'][choice(30)] ?? '';
const spaceOf = (choice: Choice): string => [' ', ' ', ' ', '  ', '', '\t'][choice(100) < 90 ? 0 : choice(6)] ?? '';

/** Lines of a mapping, mostly well-formed: `choice` gives small numbers by chance. */
function linesOf({ entries }: Tree, indent: number, choice: Choice): string[] {
  return entries.flatMap(([name, child]) => {
    const filler = FILLERS[choice(80)] ?? '';
    const start = ' '.repeat(choice(60) === 0 ? indent + 1 : indent) + name;
    const lines =
      typeof child === 'string'
        ? [`${start}:${spaceOf(choice)}${child}${endOf(choice)}`]
        : [`${start}:${endOf(choice)}`, ...linesBelow(child, indent, choice)];
    return filler === '' ? lines : [filler, ...lines];
  });
}

const linesBelow = (child: Tree | List, indent: number, choice: Choice): string[] =>
  'entries' in child
    ? linesOf(child, indent + ([2, 2, 1, 4, 0][choice(5)] ?? 2), choice)
    : child.items.flatMap((item) => itemLines(item, indent + ([0, 2, 2, 1, 4][choice(5)] ?? 2), choice));

/** Lines of an item: a mapping begins behind its dash. */
function itemLines(item: string | Tree, indent: number, choice: Choice): string[] {
  const dash = `${' '.repeat(choice(60) === 0 ? indent + 1 : indent)}-${spaceOf(choice)}`;
  if (typeof item === 'string') return [dash + item + endOf(choice)];
  const [first = '', ...more] = linesOf(item, choice(40) === 0 ? dash.length + 1 : dash.length, choice);
  return [dash + first.trimStart(), ...more];
}

const SIGNS = Array.from(':#-?&*!|>\'"%@`{}[],~.=<\t\r\n 0xa\u0000\u0085\u00a0\u2028\ufeffé');

/** A text that is simple YAML, or nearly so. */
const text = fc
  .tuple(tree, fc.infiniteStream(fc.nat(1_000_000)), fc.boolean(), fc.constantFrom('\n', '\n', '\n', '\n', '\r\n'))
  .map(([root, chances, isBroken, lineEnd]) => {
    const choice = (most: number): number => (chances.next().value ?? 0) % most;
    const whole = linesOf(root, choice(30) === 0 ? 2 : 0, choice).join(lineEnd) + (['', lineEnd][choice(2)] ?? '');
    if (!isBroken || choice(2) === 0) return whole;
    const place = choice(whole.length + 1);
    return whole.slice(0, place) + (SIGNS[choice(SIGNS.length)] ?? '') + whole.slice(place + choice(2));
  });

/** The places of everything in a tree, and one that is not there beside each. */
const places = (content: unknown, path: Path = []): Path[] => [
  path,
  [...path, 'absent'],
  ...(isMapping(content) ? Object.entries(content).flatMap(([name, child]) => places(child, [...path, name])) : []),
  ...(Array.isArray(content) ? content.flatMap((child, index) => places(child, [...path, index])) : []),
];

const placesIn = (file: YamlFile): unknown[] =>
  places(file.content).flatMap((path) => [file.locate(path), file.locate(path, true)]);

/** What the reader of all of YAML makes of a text; undefined when that is not one well-formed document. */
function wholly(given: string): YamlFile | undefined {
  const [file, ...more] = readYamlDocuments('a.yaml', given);
  return file !== undefined && 'locate' in file && more.length === 0 ? file : undefined;
}

/** The same, with the keys in the same order. */
function expectSame(given: string, content: unknown, whole: YamlFile | undefined): void {
  expect({ given, content }).toEqual({ given, content: whole?.content });
  expect(JSON.stringify(content)).toBe(JSON.stringify(whole?.content));
}

describe('simple YAML', () => {
  it('is read as all of YAML is, with everything at the same place', () => {
    let simple = 0;
    let other = 0;
    expectProperty(fc.array(text, { minLength: 40, maxLength: 40 }), (texts) => {
      for (const each of texts) {
        const content = readSimpleYaml(each);
        if (content === undefined) {
          other += 1;
          continue;
        }
        simple += 1;
        const whole = wholly(each);
        const quick = readYaml('a.yaml', each) as YamlFile;
        expectSame(each, content, whole);
        expect({ each, places: placesIn(quick) }).toEqual({ each, places: whole && placesIn(whole) });
      }
    });
    expect(simple).toBeGreaterThan(500);
    expect(other).toBeGreaterThan(500);
  });

  it.each(VALUES)('with the value %j says what all of YAML says, or nothing', (each) => {
    for (const given of [`a: ${each}\n`, `a: ${each}`, `a:\n  b: ${each} # note\nc: d\n`]) {
      const content = readSimpleYaml(given);
      if (content !== undefined) expectSame(given, content, wholly(given));
    }
    expect(readSimpleYaml('a: b\n')).toEqual({ a: 'b' });
  });

  it('is what most files of sessions hold', () => {
    const written = sessionText('  expiresAt: 2027-01-31T18:00:00Z\n  values:\n    rootfs:\n      diskSize: 8G\n');
    expect(readSimpleYaml(written.replace('{name: alice}', '\n  name: alice'))).toEqual(wholly(written)?.content);
  });

  it.each([
    'a:\n- b\n- c: d\n  e: 1\n-  f:\n     - g\n     - "h"\n   i: j\nk:\n  - l # note\nm: n\n',
    'a:\n  - b:\n    - c\n    d: e\n  - b:\n      f: g\n',
    'a:\n- b:\n- c: d\n',
  ])('may hold lists: %j', (given) => {
    const content = readSimpleYaml(given);
    expect(content).toBeDefined();
    expectSame(given, content, wholly(given));
  });

  it.each([
    ['the same key twice', 'a: 1\na: 2\n'],
    ['an anchor', 'a: &x b\nc: *x\n'],
    ['a tag', 'a: !!str 1\n'],
    ['a byte order mark', '\ufeffa: b\n'],
    ['line ends of Windows', 'a: b\r\n'],
    ['several documents', 'a: b\n---\nc: d\n'],
    ['a list of lists', 'a:\n- - b\n'],
    ['a list in brackets', 'a: [b]\n'],
    ['an item without anything', 'a:\n-\n- b\n'],
    ['a list in the place of a mapping', '- a: b\n'],
    ['an item over several lines', 'a:\n- b\n  c\n'],
    ['keys behind a list', 'a:\n  - b\n  c: d\n'],
    ['text over several lines', 'a: b\n  c\n'],
    ['nothing', '# note\n'],
    ['a key that no program can hold', '__proto__: a\n'],
    ['a very long key', `${'a'.repeat(2000)}: b\n`],
  ])('is not %s', (_, given) => {
    expect(readSimpleYaml(given)).toBeUndefined();
  });

  it('does not take long over what it does not read', () => {
    const start = performance.now();
    for (const unit of ['a ', 'a:', ' ', 'a: ', '"', '#', ' #', ':a'])
      expect(readSimpleYaml(`a: ${unit.repeat(500_000)}!`)).toBeUndefined();
    for (const unit of ['a ', 'a:', ' ', 'a  ']) readSimpleYaml(`a: ${unit.repeat(400)}!\n`.repeat(1000));
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
