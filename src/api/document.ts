import { z } from 'zod';
import type { Mapping } from '@dozlab/charts/schema';
import { object, whole } from './values/fields';
import { valuesLayer, layerOf } from './values/overrides';
import { chartSettings } from './settings/chart';
import type { Deliveries } from './settings/deliveries';
import { infraSettings } from './settings/infra';
import type { SecretsSettings } from './settings/secrets';

export const API_VERSION = 'dozlab.io/v1alpha1';

export const document = <K extends string, S extends z.ZodType>(kind: K, name: z.ZodType<string>, spec: S) =>
  object({
    apiVersion: z.literal(API_VERSION, { error: API_VERSION }).meta({ description: 'Version of the file format.' }),
    kind: z.literal(kind, { error: kind }).meta({ description: 'Kind of the object in the file.' }),
    metadata: object({ name: name.meta({ description: 'Its name.' }) }).meta({
      description: 'Identity of the object.',
    }),
    spec,
  });

export const values = (description: string) =>
  (valuesLayer as unknown as z.ZodType<Mapping | null>)
    .optional()
    .meta({ description: `${description} \`dozlab explain\` lists them.` });

export interface DocumentParts {
  readonly secrets: z.ZodType<SecretsSettings>;
  readonly deliveries: Deliveries;
}

/** `null` removes an inherited part. */
const layer = (settings: z.ZodType, description: string) =>
  (layerOf(settings) as z.ZodType<Mapping | null>).optional().meta({ description });

export const secretsLayer = (schema: DocumentParts['secrets']) => layer(schema, 'Source of the sessions’ passwords.');

export const infraLayer = () => layer(infraSettings, 'Shared objects of a cohort, in its namespace.');

export const chartLayer = () => layer(chartSettings, 'Source of the chart, for the delivery helm.');

export const maxSessions = () =>
  whole(1, 100_000).optional().meta({
    description:
      'The most sessions of a cohort that run at the same time. It sets the quota. Without it, only spec.infra.quota sets one.',
  });
