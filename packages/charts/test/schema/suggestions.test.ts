import { z } from 'zod';
import { keysAt, nearest, placesOf } from '../../src/schema';

const schema = z.strictObject({
  server: z.strictObject({ port: z.int().default(80), name: z.string() }),
  more: z.array(z.strictObject({ name: z.string() })).optional(),
  byName: z.record(z.string(), z.strictObject({ host: z.string() })).default({}),
});

describe('the nearest name', () => {
  it.each([
    ['Port', 'port'],
    ['pport', 'port'],
    ['portt', 'port'],
    ['nam', 'name'],
  ])('to %s is %s', (given, name) => {
    expect(nearest(given, ['port', 'name'])).toBe(name);
  });

  it.each(['host', 'x', '', 'p'.repeat(65)])('to %j is none', (given) => {
    expect(nearest(given, ['port', 'name'])).toBeUndefined();
  });

  it('of no names is none', () => {
    expect(nearest('a', [])).toBeUndefined();
  });
});

it.each<[(string | number)[], string[]]>([
  [[], ['server', 'more', 'byName']],
  [['server'], ['port', 'name']],
  [['more', 0], ['name']],
  [['byName', 'x'], ['host']],
  [['server', 'port'], []],
  [['other'], []],
])('the object at %j has the keys %j', (path, keys) => {
  expect(keysAt(schema, path)).toEqual(keys);
});

it('the places of a key are all sections that have it', () => {
  expect(placesOf(schema, 'name')).toEqual(['server.name']);
  expect(placesOf(schema, 'server')).toEqual(['server']);
  expect(placesOf(schema, 'nowhere')).toEqual([]);
});
