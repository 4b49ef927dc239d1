import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { SCHEMA_NAMES, type SchemaName, SCHEMAS, schemaText } from '../../src/source/schemas';
import { defaultValues } from '../../src/api/values/defaults';
import { mergeTrees } from '@dozlab/charts/schema';
import { cohort, lab, project, session } from '../support/project';

const ajv = new Ajv({ validateFormats: false });

/** Validators that are not ours, each compiled once. */
const validators = Object.fromEntries(
  SCHEMA_NAMES.map((name) => [name, ajv.compile(JSON.parse(schemaText(name)) as object)]),
);

/** Whether a JSON Schema accepts a file, given as plain data. */
const accepts = (name: SchemaName, content: unknown): boolean =>
  validators[name]?.(JSON.parse(JSON.stringify(content))) === true;

const complete = (values: object) =>
  mergeTrees(
    mergeTrees(defaultValues(), { session: { id: 'a', userId: 'a' }, rootfs: { imageUrl: 'https://example.com/x' } }),
    JSON.parse(JSON.stringify(values)) as Record<string, string>,
  );

describe('published JSON Schemas', () => {
  test.each(SCHEMA_NAMES)('%s is a valid JSON Schema, draft 7, with a title and descriptions', (name) => {
    const schema = JSON.parse(schemaText(name)) as Record<string, unknown>;
    expect(ajv.validateSchema(schema)).toBe(true);
    expect(schema['$schema']).toBe('http://json-schema.org/draft-07/schema#');
    expect(schema['title']).toEqual(expect.any(String));
    expect(schemaText(name)).toContain('"description"');
    expect(SCHEMAS[name]()).toEqual(schema);
  });

  test.each([
    ['session', session('alice', { expiresAt: '2027-01-31T18:00:00Z', suspended: false })],
    ['session', session('alice', { values: { labels: { a: 'b', c: null }, firecracker: { vm: { memory: '2048' } } } })],
    ['cohort', cohort('class', { namespace: 'rooms', values: { ingress: { enabled: true } } })],
    ['cohort', { ...cohort('class'), spec: undefined }],
    ['lab', lab('vm', { diskSize: { min: '1G', max: '4G' } })],
    ['project', project({ delivery: 'helm', values: { tolerations: [{ operator: 'Exists' }] } })],
    ['values', complete({})],
    ['values', complete({ codeServer: { password: 'secret' }, global: { any: 'thing' }, enabled: false })],
  ] as const)('%s accepts right file %#', (name, content) => {
    expect(accepts(name, content)).toBe(true);
  });

  test.each([
    ['session', session('Alice')],
    ['session', session('alice', { lab: undefined })],
    ['session', session('alice', { expires: 'x' })],
    ['session', session('alice', { expiresAt: 'tomorrow' })],
    ['session', session('alice', { values: { firecracker: { vm: { memroy: 1 } } } })],
    ['session', session('alice', { values: { labels: { a: 1 } } })],
    ['session', session('alice', { values: { codeServer: { password: 'x' } } })],
    ['session', cohort('alice')],
    ['cohort', cohort('class', { namespace: 'Rooms' })],
    ['lab', lab('vm', { diskSize: { min: '1Gi', max: '4G' } })],
    ['project', project({ delivery: 'ftp' })],
    ['values', complete({ firecracker: { vm: { cpuCount: 33 } } })],
    ['values', complete({ unknown: true })],
    ['values', complete({ rootfs: { imageUrl: 'ftp://example.com' } })],
  ] as const)('%s refuses wrong file %#', (name, content) => {
    expect(accepts(name, content)).toBe(false);
  });

  test('a session in YAML is accepted as its editor reads it', () => {
    expect(
      accepts(
        'session',
        parse('apiVersion: dozlab.io/v1alpha1\nkind: LabSession\nmetadata: {name: a}\nspec: {userId: a, lab: vm}\n'),
      ),
    ).toBe(true);
  });
});
