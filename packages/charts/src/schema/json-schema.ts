import { z } from 'zod';
import { objectsInside } from './chart-schema';
import { unwrap } from './defaults';
import { goPattern, PatternProblem } from './go-pattern';
import { isMapping } from './tree';

export type JsonSchema = Record<string, unknown>;

export function jsonSchemaOf(
  schema: z.ZodType,
  title: string,
  io: 'input' | 'output',
  adapt: (zodSchema: z.core.$ZodType, jsonSchema: JsonSchema) => void = () => undefined,
): JsonSchema {
  const { $schema, ...rest } = z.toJSONSchema(schema, {
    target: 'draft-7',
    io,
    unrepresentable: 'throw',
    override: ({ zodSchema, jsonSchema }) => {
      adapt(zodSchema, jsonSchema);
      // Helm prints a value that does not match its pattern.
      if ((jsonSchema as JsonSchema)['secret'] === true) delete jsonSchema.pattern;
      delete (jsonSchema as JsonSchema)['unit'];
      delete (jsonSchema as JsonSchema)['secret'];
    },
  }) as JsonSchema;
  return { $schema, title, ...rest };
}

/** Formats that Helm and zod check the same way. */
const FORMATS = ['date-time', 'date', 'ipv4', 'uuid'];

/** zod removes spaces around a URL; Helm would print them. */
const WITHOUT_SPACES_AROUND = '^\\S(.*\\S)?$';

/** Helm adds `global`, and a parent chart switches a dependency by `condition: NAME.enabled`. A chart may use both keys itself. */
const KEYS_OF_HELM: JsonSchema = {
  enabled: { description: 'For the condition of a parent chart. Has no effect here.', type: 'boolean' },
  global: { type: 'object' },
};

/** Null removes an inherited value. */
export function valuesJsonSchema(schema: z.ZodType, title: string): JsonSchema {
  const inside = objectsInside(schema);
  const whole = jsonSchemaOf(schema, title, 'output', (zodSchema, jsonSchema) => {
    if (zodSchema._zod.def.type === 'string') readableByGo(zodSchema, jsonSchema);
    // Templates fill in the defaults of these objects, values.yaml those of sections.
    if (zodSchema instanceof z.ZodObject && inside.has(zodSchema)) dropDefaulted(zodSchema, jsonSchema);
  });
  allowNulls(schema, whole);
  return { ...whole, properties: { ...KEYS_OF_HELM, ...(whole['properties'] as JsonSchema) } };
}

/** For `adapt` of jsonSchemaOf: patterns that Go's RE2 has, in ASCII. Others are left out. */
export function readableByGo(zodSchema: z.core.$ZodType, jsonSchema: JsonSchema): void {
  const own = new Map(patternsOf(zodSchema).map((pattern) => [pattern.source, pattern]));
  const parts = Array.isArray(jsonSchema['allOf']) ? (jsonSchema['allOf'] as JsonSchema[]) : [];
  for (const part of [jsonSchema, ...parts]) {
    const { pattern } = part;
    if (typeof pattern !== 'string') continue;
    try {
      part['pattern'] = goPattern(own.get(pattern) ?? { source: pattern, flags: '' });
    } catch (error) {
      if (!(error instanceof PatternProblem)) throw error;
      delete part['pattern'];
    }
  }
  if (zodSchema instanceof z.ZodURL) jsonSchema['pattern'] ??= WITHOUT_SPACES_AROUND;
  if (!FORMATS.includes(jsonSchema['format'] as string)) delete jsonSchema['format'];
}

const patternsOf = ({ _zod: { def } }: z.core.$ZodType): RegExp[] =>
  [def as { pattern?: RegExp }, ...(def.checks ?? []).map((check) => check._zod.def as { pattern?: RegExp })].flatMap(
    ({ pattern }) => (pattern === undefined ? [] : [pattern]),
  );

function dropDefaulted(schema: z.ZodObject, jsonSchema: JsonSchema): void {
  const { required } = jsonSchema;
  if (!Array.isArray(required)) return;
  const needed = (required as string[]).filter(
    (key) => unwrap(schema.shape[key] as z.core.$ZodType).default === undefined && !isFilled(schema.shape[key]),
  );
  if (needed.length > 0) jsonSchema['required'] = needed;
  else delete jsonSchema['required'];
}

const isFilled = (schema: unknown): boolean => schema instanceof z.ZodPrefault;

function allowNulls(schema: z.core.$ZodType, jsonSchema: JsonSchema): void {
  const { schema: inner } = unwrap(schema);
  const { properties } = jsonSchema;
  if (!(inner instanceof z.ZodObject) || !isMapping(properties)) return;
  for (const [key, child] of Object.entries(inner.shape)) {
    const property = (properties as JsonSchema)[key] as JsonSchema;
    if (!unwrap(child as z.core.$ZodType).optional) allowNulls(child as z.core.$ZodType, property);
    else if (!(child as z.ZodType).safeParse(null).success) (properties as JsonSchema)[key] = orNull(property);
  }
}

function orNull({ description, ...rest }: JsonSchema): JsonSchema {
  const about = description === undefined ? {} : { description };
  const { type, enum: words } = rest;
  const only = Array.isArray(rest['allOf']) && rest['allOf'].length === 1 && Object.keys(rest).length === 1;
  if (typeof type !== 'string')
    return { ...about, anyOf: [only ? (rest['allOf'] as JsonSchema[])[0] : rest, { type: 'null' }] };
  return {
    ...about,
    ...rest,
    type: [type, 'null'],
    ...(Array.isArray(words) ? { enum: [...(words as unknown[]), null] } : {}),
  };
}
