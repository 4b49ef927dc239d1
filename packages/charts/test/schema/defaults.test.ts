import { z } from 'zod';
import { defaultsOf, describeValues, unwrap, withoutDefaults } from '../../src/schema';
import { complete } from '../../src/schema/defaults';

const S = z.strictObject;
const schema = S({
  name: z.string().describe('Who.'),
  port: z.int().default(80).meta({ description: 'Where.', unit: 'TCP port' }),
  labels: z.record(z.string(), z.string()).default({ team: 'x' }),
  limits: S({ cpu: z.string().default('1'), memory: z.string().optional() }).prefault({}),
  extra: S({ a: z.string().default('b') }).optional(),
  modes: z.array(z.enum(['a', 'b'])).default([]),
  size: z.union([z.string(), z.number()]).nullable(),
  on: z.boolean().default(false),
});

it('the defaults of a schema are those of its sections', () => {
  expect(defaultsOf(schema)).toEqual({
    port: 80,
    labels: { team: 'x' },
    limits: { cpu: '1' },
    modes: [],
    on: false,
  });
  expect(() => defaultsOf(z.string())).toThrow('only an object has defaults of its keys');
});

it('a schema is unwrapped with what its wrappers say', () => {
  expect(unwrap(z.string().default('a').readonly())).toMatchObject({ default: 'a', optional: false });
  expect(unwrap(z.string().nullable().optional())).toMatchObject({ optional: true });
  expect(unwrap(S({ a: z.string() }).prefault({ a: 'b' }))).toMatchObject({ default: { a: 'b' } });
  expect(unwrap(S({}).prefault({}))).not.toHaveProperty('default');
});

it('values are completed key by key, maps too', () => {
  expect(complete(schema, { name: 'n', labels: { a: 'b' }, limits: { memory: null }, extra: {}, size: null })).toEqual({
    name: 'n',
    port: 80,
    labels: { team: 'x', a: 'b' },
    limits: { cpu: '1' },
    extra: {},
    modes: [],
    size: null,
    on: false,
  });
});

it('a tree without defaults gives the same over them', () => {
  const defaults = { a: 1, b: { c: 2, d: [1] }, e: {} };
  expect(withoutDefaults({ a: 1, b: { c: 2, d: [1, 2] }, e: {}, f: null }, defaults)).toEqual({
    b: { d: [1, 2] },
    f: null,
  });
  expect(withoutDefaults(defaults, defaults)).toEqual({});
  expect(withoutDefaults({ constructor: 1 }, {})).toEqual({ constructor: 1 });
});

it('values are described with type, default, unit and meaning', () => {
  expect(describeValues(schema)).toEqual([
    { path: 'name', type: 'text', description: 'Who.', required: true },
    { path: 'port', type: 'whole number', description: 'Where.', default: 80, unit: 'TCP port', required: false },
    { path: 'labels', type: 'map of text', description: '', default: { team: 'x' }, required: false },
    { path: 'limits', type: 'mapping', description: '', required: false },
    { path: 'limits.cpu', type: 'text', description: '', default: '1', required: false },
    { path: 'limits.memory', type: 'text', description: '', required: false },
    { path: 'extra', type: 'mapping', description: '', required: false },
    { path: 'modes', type: 'list of one of a, b', description: '', default: [], required: false },
    { path: 'size', type: 'text or number', description: '', required: false },
    { path: 'on', type: 'true or false', description: '', default: false, required: false },
  ]);
});
