import { z } from 'zod';
import { jsonSchemaOf, readableByGo } from '@dozlab/charts/schema';
import { labDocument } from '../../src/api/lab';
import { sessionDocument } from '../../src/api/session';
import { customResources } from '../../src/manifests/crds/crds';
import { structuralSchema } from '../../src/manifests/crds/structural-schema';
import { cohortDocument } from '../../src/source/schemas';

const converted = (schema: z.ZodType): unknown => structuralSchema(jsonSchemaOf(schema, 'test', 'input', readableByGo));

test.each<[string, z.ZodType, object]>([
  ['whole numbers', z.int().min(1).max(9), { type: 'integer', minimum: 1, maximum: 9 }],
  ['words', z.enum(['a', 'b']), { type: 'string', enum: ['a', 'b'] }],
  ['one word', z.literal('a'), { type: 'string', enum: ['a'] }],
  ['null', z.string().max(3).nullable(), { type: 'string', maxLength: 3, nullable: true }],
  [
    'a number or text',
    z.union([z.int().max(9), z.string().regex(/^\d+$/)]),
    { 'x-kubernetes-int-or-string': true, minimum: -9007199254740991, maximum: 9, pattern: '^\\d+$' },
  ],
  [
    'a number or one of two forms of text',
    z.union([z.int().min(0).max(9), z.string().regex(/^a/), z.string().regex(/^b/)]),
    { 'x-kubernetes-int-or-string': true, minimum: 0, maximum: 9, anyOf: [{ pattern: '^a' }, { pattern: '^b' }] },
  ],
  [
    'two forms of text',
    z.union([z.string().regex(/^a/), z.string().max(2)]),
    { type: 'string', anyOf: [{ pattern: '^a' }, { maxLength: 2 }] },
  ],
  ['free keys', z.record(z.string(), z.boolean()), { type: 'object', additionalProperties: { type: 'boolean' } }],
  ['lists', z.array(z.string()).max(2), { type: 'array', maxItems: 2, items: { type: 'string' } }],
  ['text that is not in ASCII', z.string().regex(/^[^\x7fä]$/), { type: 'string', pattern: '^[^\\x7f\\x{e4}]$' }],
  ['anything', z.union([z.boolean(), z.array(z.string())]), { 'x-kubernetes-preserve-unknown-fields': true }],
])('%s have a structural schema', (_, schema, expected) => {
  expect(converted(schema)).toEqual(expected);
});

test('sections keep their fields, descriptions and required keys, and lose defaults', () => {
  const schema = z.strictObject({
    size: z.string().default('4G').meta({ description: 'Size of the disk.' }),
    url: z.string(),
  });
  expect(converted(schema)).toEqual({
    type: 'object',
    properties: { size: { type: 'string', description: 'Size of the disk.' }, url: { type: 'string' } },
    required: ['url'],
  });
});

test('the definitions use nothing that Kubernetes refuses, and patterns in ASCII alone', () => {
  const all = customResources({ session: sessionDocument, lab: labDocument, cohort: cohortDocument });
  const keys = new Set<string>();
  const patterns: string[] = [];
  const look = (part: unknown, isProperties = false): void => {
    if (typeof part !== 'object' || part === null) return;
    for (const [key, value] of Object.entries(part)) {
      if (!isProperties && !Array.isArray(part)) keys.add(key);
      if (key === 'pattern' && typeof value === 'string') patterns.push(value);
      look(value, key === 'properties' && !isProperties);
    }
  };
  look(all);
  for (const refused of ['$ref', 'definitions', 'oneOf', 'const', 'propertyNames', 'uniqueItems', 'default'])
    expect(Array.from(keys)).not.toContain(refused);
  expect(patterns.length).toBeGreaterThan(20);
  expect(patterns.filter((pattern) => !/^[\x20-\x7e]*$/.test(pattern))).toEqual([]);
});
