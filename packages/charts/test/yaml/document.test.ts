import fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { toYaml, type Manifest } from '../../src/yaml/document';
import { HOSTILE_TEXTS } from '../support/hostile-texts';
import { expectProperty } from '../support/property';
import { readYaml } from '../support/read-yaml';

const withData = (data: unknown): Manifest => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data });

/** Data that was written, as readers of YAML 1.2 and 1.1 read it. */
const readBack = (data: unknown): unknown[] =>
  readYaml(toYaml([withData(data)])).map(([document]) => (document as { data: unknown }).data);

const LOOK_LIKE_OTHERS = [
  ...HOSTILE_TEXTS,
  '',
  'Yes',
  'NO',
  'On',
  'OFF',
  'Y',
  'N',
  'TRUE',
  'False',
  'Null',
  'NULL',
  '0',
  '-0',
  '+1',
  '0b11',
  '0o7',
  '017',
  '08',
  '1.',
  '1e-3',
  '1E3',
  '6.02e+23',
  '-.INF',
  '.NaN',
  '0x_1',
  '190:20:30',
  '2001-12-14t21:59:43.10-05:00',
  '\n',
  '\t',
  ' \n ',
  'a\n',
  '\n\na',
  'a\n\n\n',
  'a\r\nb',
  'tab\there',
  'a: b\n- c\n',
  '%YAML 1.1',
  '--- a',
  '... a',
  'a:',
  ':a',
  '"',
  "'",
  '\\',
  '\u0000',
  '\u0007',
  '\u001b',
  '\u007f',
  '\u0085',
  '\u00a0',
  '\u2028',
  '\u2029',
  '\ufeff',
  '\ufffe',
  '\uffff',
  'a\u2028b',
  '\ufeffa',
  '😀',
  'x'.repeat(2000),
  `${'word '.repeat(100)}end`,
] as const;

describe('text', () => {
  it.each(LOOK_LIKE_OTHERS)('%j is the same text as a value, in a list and as a key', (text) => {
    const data = { value: text, list: [text], ...(text === '__proto__' ? {} : { [text]: 'key' }) };

    expect(readBack(data)).toEqual([data, data]);
  });

  it('any text is the same as a value and as a key', () => {
    expectProperty(
      fc.dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), { maxKeys: 5 }),
      (data) => {
        expect(readBack(data)).toEqual([data, data]);
      },
    );
  });

  it('is in quotes unless it is plainly a word', () => {
    for (const text of LOOK_LIKE_OTHERS) {
      const line = toYaml([withData(text)])
        .split('\n')
        .find((each) => each.startsWith('data:'));
      const bare = line?.startsWith('data: "') === false;
      expect([text, bare && !/^[A-Za-z/][A-Za-z0-9_./-]*$/.test(text)]).toEqual([text, false]);
    }
  });

  it('has no character that a reader may take for a line break or refuse', () => {
    const yaml = toYaml([withData(Object.fromEntries(LOOK_LIKE_OTHERS.map((text) => [text, text])))]);

    expect(yaml).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/);
  });

  it.each(['a', 'lab-session-alice', '/srv/vm', 'a.b/c', 'A_b'])(
    '%j, which no reader misreads, is without quotes',
    (text) => {
      expect(toYaml([withData(text)])).toContain(`data: ${text}\n`);
    },
  );
});

describe('text of several lines as a block', () => {
  const blocksOf = (data: unknown): string => toYaml([withData(data)], 'block');

  it('has one line for each line', () => {
    expect(blocksOf({ expression: 'x in [\n  "a",\n  "b",\n]', list: [{ expression: 'a\n\n  b' }] })).toContain(
      `data:
  expression: |-
    x in [
      "a",
      "b",
    ]
  list:
  - expression: |-
      a

        b
`,
    );
  });

  it('any text is the same text', () => {
    const lines = fc
      .array(fc.oneof(fc.constantFrom('', ' ', '  a', 'a: b', '- c', '# d', '---', '...', 'e '), fc.string()), {
        minLength: 2,
      })
      .map((each) => each.join('\n'));
    expectProperty(fc.dictionary(fc.constantFrom('a', 'b'), fc.oneof(lines, fc.array(lines))), (data) => {
      expect(readYaml(blocksOf(data)).map(([document]) => (document as { data: unknown }).data)).toEqual([data, data]);
    });
  });

  it.each(['\na', 'a\n', ' a\nb', 'a\nb ', 'a\tb\nc', 'ä\nb'])('%j stays on one line', (text) => {
    expect(blocksOf(text)).toBe(toYaml([withData(text)]));
  });
});

describe('other data', () => {
  it.each([[0], [1], [-1], [8080], [1.5], [true], [false], [null], [[]], [{}], [[{}, [], null]], [{ a: { b: [] } }]])(
    '%j stays as it is',
    (data) => {
      expect(readBack(data)).toEqual([data, data]);
    },
  );

  it('is written in full where the same object is used twice', () => {
    const shared = { a: ['b'] };

    expect(toYaml([withData([shared, shared])])).not.toMatch(/[&*]a/);
    expect(readBack([shared, shared])).toEqual([
      [shared, shared],
      [shared, shared],
    ]);
  });
});

describe('documents', () => {
  it('are in the given order', () => {
    const text = toYaml([withData('first'), withData('second')]);

    expect(text.match(/^---$/gm)).toHaveLength(1);
    expect(text.endsWith('\n')).toBe(true);
    expect(parseAllDocuments(text).map((document) => (document.toJS() as { data: string }).data)).toEqual([
      'first',
      'second',
    ]);
  });

  it('are empty without objects', () => {
    expect(toYaml([])).toBe('');
  });

  it('have the keys that readers look for first, then all others by name', () => {
    const manifest = {
      spec: { z: 1, B: 2, a: 3, name: 'c', 10: 4, 9: 5 },
      data: {},
      metadata: { labels: {}, namespace: 'n', name: 'a' },
      kind: 'K',
      apiVersion: 'v1',
    };

    expect(toYaml([manifest])).toBe(
      [
        'apiVersion: v1',
        'kind: K',
        'metadata:',
        '  name: a',
        '  namespace: "n"',
        '  labels: {}',
        'data: {}',
        'spec:',
        '  name: c',
        '  "10": 4',
        '  "9": 5',
        '  B: 2',
        '  a: 3',
        '  z: 1',
        '',
      ].join('\n'),
    );
  });

  it('do not depend on the order of keys', () => {
    expect(toYaml([withData({ b: 1, a: { d: 1, c: 2 } })])).toBe(toYaml([withData({ a: { c: 2, d: 1 }, b: 1 })]));
  });
});
