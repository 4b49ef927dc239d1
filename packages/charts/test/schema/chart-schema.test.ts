import { z } from 'zod';
import { defineChart } from '../../src';

const S = z.strictObject;
const words = () => z.record(z.string(), z.string());
const define = (schema: z.ZodType) => defineChart({ name: 'c', schema, constructs: () => undefined });

describe('a chart refuses a schema, with the path of the value, that has', () => {
  it.each<[string, z.ZodType, string]>([
    ['text that is trimmed', S({ a: S({ b: z.string().trim() }) }), 'a.b: trim'],
    ['text that is made lower case', S({ a: z.array(z.string().toLowerCase()) }), 'a[0]: trim'],
    ['a number made of text', S({ a: z.coerce.number() }), 'a: z.coerce'],
    ['a transformation', S({ a: z.string().transform((text) => text.length) }), 'a: Helm has nothing like z.pipe'],
    [
      'a value that is replaced when it is invalid',
      S({ a: z.string().catch('x') }),
      'a: Helm has nothing like z.catch',
    ],
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

it('a chart refuses the same object with defaults as a section and as an item', () => {
  const port = S({ proto: z.string().default('TCP') });
  expect(() => define(S({ main: port, more: z.array(port) }))).toThrow(
    'more[0]: the same schema with defaults as main',
  );
});
