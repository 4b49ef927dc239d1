import { jsonSchemaOf, valuesJsonSchema, type JsonSchema } from '@dozlab/charts/schema';
import { cohortDocumentWith } from '../api/cohort';
import { labDocument } from '../api/lab';
import { projectDocumentWith } from '../api/project';
import { sessionDocument } from '../api/session';
import { secretsSchema } from '../api/settings/secrets';
import { valuesSchema } from '../api/values/schema';
import { DELIVERIES } from '../manifests/deliveries';
import { PROVIDERS } from '../secrets/providers';

/** The schemas of a project's files, with all deliveries and providers of passwords. */

export const secretsSettings = secretsSchema(PROVIDERS);
const PARTS = { secrets: secretsSettings, deliveries: DELIVERIES };
export const projectDocument = projectDocumentWith(PARTS);
export const cohortDocument = cohortDocumentWith(PARTS);

/** The keys of a cohort, in the order in which edits write them. */
export const COHORT_KEYS: readonly string[] = Object.keys(cohortDocument.shape.spec.unwrap().shape);

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
