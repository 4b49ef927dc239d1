import { z } from 'zod';
import { defineChart } from '../../src';
import { valuesJsonSchema } from '../../src/schema';

const S = z.strictObject;
const define = (schema: z.ZodType) => defineChart({ name: 'c', schema, constructs: () => undefined });
const property = (schema: z.ZodType, path: readonly string[]): unknown =>
  path.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], valuesJsonSchema(schema, 'Values'));

it('an object that drops unknown keys refuses them in Helm', () => {
  const schema = z.object({ a: z.object({ b: z.string() }), c: z.array(z.object({ d: z.string() })) });
  expect(() => define(schema)).not.toThrow();
  expect(property(schema, ['properties', 'a', 'additionalProperties'])).toBe(false);
  expect(property(schema, ['properties', 'c', 'items', 'additionalProperties'])).toBe(false);
});

it('the keys of Helm and of parent charts are taken, unless the chart has its own', () => {
  expect(property(S({ a: z.string() }), ['properties'])).toMatchObject({
    enabled: { type: 'boolean' },
    global: { type: 'object' },
  });
  expect(property(S({ enabled: z.enum(['yes', 'no']) }), ['properties', 'enabled'])).toMatchObject({ type: 'string' });
});

it('patterns have the syntax of Go', () => {
  const pattern = (regex: RegExp): unknown =>
    property(S({ a: z.string().regex(regex) }), ['properties', 'a', 'pattern']);
  expect(pattern(/^[à-ÿ]+$/)).toBe('^[à-ÿ]+$');
  expect(pattern(/^[\u00e0-\u00ff]\ud83d\ude00$/)).toBe('^[\\x{e0}-\\x{ff}]\\x{1f600}$');
  expect(pattern(/^[a-z]+$/i)).toBe('(?i)^[a-z]+$');
  expect(pattern(/(?<year>\d{4})\/[[:x]/)).toBe('(\\d{4})\\/[\\[:x]');
  expect(pattern(/a\sb/)).toMatch(/^a\[\\t-\\r \\x\{a0\}/);
  expect(() => define(S({ a: z.string().regex(/(a{50}){50}/) }))).toThrow('Go has no repetition of more than 1000');
});

it("zod's own formats become patterns that Go can read", () => {
  const schema = S({ mail: z.email(), url: z.url() });
  expect(Object.keys(property(schema, ['properties', 'mail']) as object)).toEqual(['type', 'pattern']);
  expect(property(schema, ['properties', 'url'])).toEqual({ type: 'string', pattern: '^\\S(.*\\S)?$' });
});

it('a value that may be absent in a section may be null', () => {
  const schema = S({ host: z.string().optional(), list: z.array(S({ a: z.string().optional() })) });
  expect(property(schema, ['properties', 'host'])).toEqual({ type: ['string', 'null'] });
  expect(property(schema, ['properties', 'list', 'items', 'properties', 'a'])).toEqual({ type: 'string' });
});

it('a value with a default inside a list or an optional object is not required', () => {
  const item = () => S({ name: z.string(), proto: z.string().default('TCP') });
  const schema = S({ list: z.array(item()), one: item().optional(), top: z.string().default('x') });
  expect(property(schema, ['properties', 'list', 'items', 'required'])).toEqual(['name']);
  expect(property(schema, ['required'])).toEqual(['list', 'top']);
});
