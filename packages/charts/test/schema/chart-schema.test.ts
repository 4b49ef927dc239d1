import { z } from 'zod';
import { parse } from 'yaml';
import { defineChart } from '../../src/render/chart';
import { valuesFile } from '../../src/render/values-file';
import { valuesJsonSchema } from '../../src/schema/json-schema';

const S = z.strictObject;
const words = () => z.record(z.string(), z.string());
const define = (schema: z.ZodType) => defineChart({ name: 'c', schema, constructs: () => undefined });
const property = (schema: z.ZodType, path: readonly string[]): unknown =>
  path.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], valuesJsonSchema(schema, 'Values'));

describe('a schema that Helm cannot follow is refused with the path of the value', () => {
  it.each<[string, z.ZodType, string]>([
    ['text that is trimmed', S({ a: S({ b: z.string().trim() }) }), 'a.b: trim'],
    ['text that is made lower case', S({ a: z.array(z.string().toLowerCase()) }), 'a[0]: trim'],
    ['a number made of text', S({ a: z.coerce.number() }), 'a: z.coerce'],
    ['a transformation', S({ a: z.string().transform((text) => text.length) }), 'a: Helm has nothing like z.pipe'],
    ['a value that is mended', S({ a: z.string().catch('x') }), 'a: Helm has nothing like z.catch'],
    ['a date', S({ a: z.date() }), 'a: Helm has nothing like z.date'],
    ['lookahead', S({ a: z.string().regex(/^(?!a)b/) }), 'a: Helm cannot read /^(?!a)b/: Go has no lookaround'],
    [
      'a reference',
      S({ a: words().optional(), b: z.string().regex(/(a)\1/) }),
      'b: Helm cannot read /(a)\\1/: Go has no references to groups',
    ],
    ['Go has no flag m', S({ a: z.string().regex(/^a$/m) }), 'Go has no flag m'],
    ['null and a default', S({ a: z.string().nullable().default('x') }), 'a: has a default and may be absent'],
    ['absence and a default', S({ a: z.string().default('x').optional() }), 'a: has a default and may be absent'],
    [
      'defaults that differ',
      S({ r: S({ cpu: z.string().default('9') }).default({ cpu: '1' }) }),
      'r.cpu: has another default than in the default of the object around it',
    ],
    [
      'a default of what may be absent',
      S({ r: S({ a: z.string(), b: z.string().optional() }).default({ a: '1', b: '2' }) }),
      'r.b: is absent when only other keys are given',
    ],
  ])('%s', (_, schema, message) => {
    expect(() => define(schema)).toThrow(message);
  });
});

it('the same object with defaults cannot be a section and an item: Helm fills in the defaults of one of them', () => {
  const port = S({ proto: z.string().default('TCP') });
  expect(() => define(S({ main: port, more: z.array(port) }))).toThrow(
    'more[0]: the same schema with defaults as main',
  );
});

it('an object that drops unknown keys is taken; Helm refuses them', () => {
  const schema = z.object({ a: z.object({ b: z.string() }), c: z.array(z.object({ d: z.string() })) });
  expect(() => define(schema)).not.toThrow();
  expect(property(schema, ['properties', 'a', 'additionalProperties'])).toBe(false);
  expect(property(schema, ['properties', 'c', 'items', 'additionalProperties'])).toBe(false);
});

it('patterns stand in the JSON Schema as Go spells them', () => {
  const pattern = (regex: RegExp): unknown =>
    property(S({ a: z.string().regex(regex) }), ['properties', 'a', 'pattern']);
  expect(pattern(/^[à-ÿ]+$/)).toBe('^[à-ÿ]+$');
  expect(pattern(/^[\u00e0-\u00ff]\ud83d\ude00$/)).toBe('^[\\x{e0}-\\x{ff}]\\x{1f600}$');
  expect(pattern(/^[a-z]+$/i)).toBe('(?i)^[a-z]+$');
  expect(pattern(/(?<year>\d{4})\/[[:x]/)).toBe('(\\d{4})\\/[\\[:x]');
  expect(pattern(/a\sb/)).toMatch(/^a\[\\t-\\r \\x\{a0\}/);
  expect(() => define(S({ a: z.string().regex(/(a{50}){50}/) }))).toThrow('Go has no repetition of more than 1000');
});

it("zod's own formats are text that Helm checks as far as it can", () => {
  const schema = S({ mail: z.email(), url: z.url() });
  expect(Object.keys(property(schema, ['properties', 'mail']) as object)).toEqual(['type', 'pattern']);
  expect(property(schema, ['properties', 'url'])).toEqual({ type: 'string', pattern: '^\\S(.*\\S)?$' });
});

it('what may be absent in a section may be null, to take back what another file sets', () => {
  const schema = S({ host: z.string().optional(), list: z.array(S({ a: z.string().optional() })) });
  expect(property(schema, ['properties', 'host'])).toEqual({ type: ['string', 'null'] });
  expect(property(schema, ['properties', 'list', 'items', 'properties', 'a'])).toEqual({ type: 'string' });
});

it('what has a default inside a list or an optional object is not required there', () => {
  const item = () => S({ name: z.string(), proto: z.string().default('TCP') });
  const schema = S({ list: z.array(item()), one: item().optional(), top: z.string().default('x') });
  expect(property(schema, ['properties', 'list', 'items', 'required'])).toEqual(['name']);
  expect(property(schema, ['required'])).toEqual(['list', 'top']);
});

describe('values.yaml', () => {
  const text = (schema: z.ZodType): string => valuesFile(schema, 'Values.');

  it.each(['\n', '\r', '\r\n', '\u0085', '\u2028', '\u2029', '\n\n'])(
    'keeps a description with %j in comments',
    (end) => {
      const schema = S({ x: z.string().default('a').describe(`first${end}second: line`) });
      expect(text(schema)).toBe('# Values.\n\n# first second: line\nx: "a"\n');
    },
  );

  it('has the defaults of objects as a whole, and of what is put in before it is checked', () => {
    const schema = S({
      r: S({ cpu: z.string(), note: z.string().optional() }).default({ cpu: '1' }),
      p: z.string().prefault('x'),
    });
    expect(parse(text(schema))).toEqual({ r: { cpu: '1' }, p: 'x' });
  });

  it('has a section without defaults as {}, and what it may hold as a whole comment', () => {
    const schema = S({
      session: S({ id: z.string().describe('The id.'), inner: S({ a: z.int() }) }).describe('About.'),
    });
    expect(text(schema)).toBe(
      [
        '# Values.',
        '',
        '# About.',
        'session:',
        '  # The id. Required.',
        '  # id:',
        '  inner: {}',
        '  # In place of the line above:',
        '  # inner:',
        '  #   # Required.',
        '  #   a:',
        '',
      ].join('\n'),
    );
  });
});
