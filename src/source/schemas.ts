import { jsonSchemaOf, valuesJsonSchema, type JsonSchema } from '@dozlab/charts/schema';
import { cohortDocumentWith } from '../api/cohort';
import { labDocument } from '../api/lab';
import { projectDocumentWith } from '../api/project';
import { sessionDocument } from '../api/session';
import { secretsSchema } from '../api/settings/secrets';
import { valuesSchema } from '../api/values/schema';
import { DELIVERIES } from '../manifests/deliveries';
import { PROVIDERS } from '../secrets/providers';

export const secretsSettings = secretsSchema(PROVIDERS);
const PARTS = { secrets: secretsSettings, deliveries: DELIVERIES };
export const projectDocument = projectDocumentWith(PARTS);
export const cohortDocument = cohortDocumentWith(PARTS);

/** In the order of writing. */
export const COHORT_KEYS: readonly string[] = Object.keys(cohortDocument.shape.spec.unwrap().shape);

export const SCHEMAS = {
  session: () => jsonSchemaOf(sessionDocument, 'A lab session', 'input'),
  cohort: () => jsonSchemaOf(cohortDocument, 'A cohort of lab sessions', 'input'),
  lab: () => jsonSchemaOf(labDocument, 'A lab', 'input'),
  project: () => jsonSchemaOf(projectDocument, 'A Dozlab project', 'input'),
  values: () => valuesJsonSchema(valuesSchema, 'Values of a lab session'),
} as const satisfies Record<string, () => JsonSchema>;

export type SchemaName = keyof typeof SCHEMAS;

export const SCHEMA_NAMES = Object.keys(SCHEMAS) as [SchemaName, ...SchemaName[]];

export const schemaText = (name: SchemaName): string => `${JSON.stringify(SCHEMAS[name]())}\n`;
