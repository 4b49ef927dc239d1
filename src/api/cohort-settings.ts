import type { z } from 'zod';
import type { Mapping } from '@dozlab/charts/schema';
import { chartSettings } from './settings/chart';
import type { Deliveries } from './settings/deliveries';
import { infraSettings } from './settings/infra';
import type { SecretsSettings } from './settings/secrets';
import { whole } from './values/fields';
import { layerOf } from './values/overrides';

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
