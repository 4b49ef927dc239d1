import fc from 'fast-check';
import { toYaml, type Manifest } from '../../src/yaml/document';
import { isUsual } from '../../src/yaml/emitter';
import { HOSTILE_TEXTS } from '../support/hostile-texts';
import { expectProperty } from '../support/property';

const withData = (data: unknown): Manifest => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data });

/** The last key of an object, so long that the library writes the object. */
const LONG_KEY = 'z'.repeat(1100);

/** The text of the library for data. */
function byLibrary(data: unknown): string {
  const manifest = { ...withData(data), [LONG_KEY]: null };
  expect(isUsual(manifest)).toBe(false);
  const text = toYaml([manifest]);
  const end = text.lastIndexOf(`? ${LONG_KEY}`);
  expect(end).toBeGreaterThan(0);
  return text.slice(0, end);
}

const word = fc.oneof(
  fc.constantFrom(
    ...HOSTILE_TEXTS,
    '',
    'a',
    'name',
    'kind',
    'true',
    '017',
    '-',
    'a: b',
    'a\nb',
    '"',
    '\\',
    '__proto__',
  ),
  fc.string({ unit: 'binary', maxLength: 8 }),
);
const leaf = fc.oneof(word, fc.integer(), fc.double({ noNaN: true }), fc.boolean(), fc.constant(null));
const data = fc.letrec<{ data: unknown }>((tie) => ({
  data: fc.oneof(
    { depthSize: 'medium' },
    leaf,
    fc.array(tie('data'), { maxLength: 4 }),
    fc.dictionary(word, fc.oneof({ weight: 9, arbitrary: tie('data') }, fc.constant(undefined)), {
      maxKeys: 4,
      noNullPrototype: false,
    }),
  ),
})).data;

describe('the text of usual data', () => {
  it('has the bytes that the library writes', () => {
    let usual = 0;
    expectProperty(fc.array(data, { minLength: 20, maxLength: 20 }), (all) => {
      for (const each of all) {
        if (!isUsual(withData(each))) continue;
        usual += 1;
        expect(toYaml([withData(each)])).toBe(byLibrary(each));
      }
    });
    expect(usual).toBeGreaterThan(1000);
  });

  it.each([...HOSTILE_TEXTS])('has the bytes of the library for %j as a value and as a key', (text) => {
    const each = { value: text, list: [text, [text], { [text]: text }], [text]: { [text]: [] } };
    expect(toYaml([withData(each)])).toBe(byLibrary(each));
  });

  it.each([
    [0],
    [-1],
    [1e21],
    [1e-7],
    [1.5],
    [Number.MAX_SAFE_INTEGER],
    [[]],
    [{}],
    [[[], {}, [[]], [{}], { a: [] }]],
    [{ a: undefined }],
    [[{ a: undefined }]],
    [[[['a', ['b']], { c: [{ d: { e: [1] } }] }]]],
    [new Date(0)],
    [Object.assign(Object.create(null) as object, { a: 1 })],
  ])('has the bytes of the library for %j', (each) => {
    expect(isUsual(withData(each))).toBe(true);
    expect(toYaml([withData(each)])).toBe(byLibrary(each));
  });

  it.each([
    [Number.NaN],
    [Number.POSITIVE_INFINITY],
    [-0],
    [1n],
    [undefined],
    [[undefined]],
    [{ ['k'.repeat(2000)]: 1 }],
  ])('is not used for unusual data: %p', (each) => {
    expect(isUsual([each])).toBe(false);
  });
});
