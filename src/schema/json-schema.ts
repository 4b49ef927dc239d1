import { z } from 'zod';

/** A JSON Schema, draft 7. */
export type JsonSchema = Record<string, unknown>;

/**
 * A zod schema as JSON Schema, for files in which defaults need not be given (`input`) or for complete values (`output`: Helm checks
 * values with the chart's defaults filled in).
 */
export function jsonSchemaOf(schema: z.ZodType, title: string, io: 'input' | 'output'): JsonSchema {
  const { $schema, ...rest } = z.toJSONSchema(schema, {
    target: 'draft-7',
    io,
    unrepresentable: 'throw',
    override: ({ jsonSchema }) => {
      // Helm quotes a value that does not match its pattern.
      if ((jsonSchema as JsonSchema)['secret'] === true) delete jsonSchema.pattern;
      delete (jsonSchema as JsonSchema)['unit'];
      delete (jsonSchema as JsonSchema)['secret'];
    },
  }) as JsonSchema;
  return { $schema, title, ...rest };
}

/** The schema of a chart's values file. Helm adds the key `global` by itself. */
export function valuesJsonSchema(schema: z.ZodType, title: string): JsonSchema {
  const whole = jsonSchemaOf(schema, title, 'output');
  return { ...whole, properties: { ...(whole['properties'] as JsonSchema), global: { type: 'object' } } };
}
