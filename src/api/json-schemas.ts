import { type JsonSchema, jsonSchemaOf, valuesJsonSchema } from '@dozlab/charts/schema';
import { valuesSchema } from './values/schema';
import { cohortDocument, labDocument, projectDocument, sessionDocument } from './documents';

/** The JSON Schemas we publish, by name. */
export const SCHEMAS = {
  session: () => jsonSchemaOf(sessionDocument, 'A lab session', 'input'),
  cohort: () => jsonSchemaOf(cohortDocument, 'A cohort of lab sessions', 'input'),
  lab: () => jsonSchemaOf(labDocument, 'A lab', 'input'),
  project: () => jsonSchemaOf(projectDocument, 'A Dozlab project', 'input'),
  values: () => valuesJsonSchema(valuesSchema, 'Values of a lab session'),
} as const satisfies Record<string, () => JsonSchema>;

export type SchemaName = keyof typeof SCHEMAS;

export const SCHEMA_NAMES = Object.keys(SCHEMAS) as [SchemaName, ...SchemaName[]];

/** Text of a published JSON Schema. */
export const schemaText = (name: SchemaName): string => `${JSON.stringify(SCHEMAS[name]())}\n`;
