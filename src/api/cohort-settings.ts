import type { z } from 'zod';
import type { Mapping } from '@dozlab/charts/schema';
import { chartSettings } from './settings/chart';
import { infraSettings } from './settings/infra';
import type { SecretsSettings } from './settings/secrets';
import { oneOf, whole } from './values/fields';
import { layerOf } from './values/overrides';

/** Settings that dozlab.yaml gives to all cohorts and that a cohort overrides. */

const DELIVERIES = ['kustomize', 'helm'] as const;

export const delivery = () =>
  oneOf(...DELIVERIES).meta({
    description:
      'How Flux applies sessions: kustomize applies the manifests of dist/sessions, helm installs the chart of dist/charts. dist/ has both.',
  });

/** A part of the settings, with `null` where it removes an inherited one. */
const layer = (settings: z.ZodType, description: string) =>
  (layerOf(settings) as z.ZodType<Mapping | null>).optional().meta({ description });

/** @param schema of `spec.secrets`, made of the settings of all providers */
export const secrets = (schema: z.ZodType<SecretsSettings>) => layer(schema, 'Source of the sessions’ passwords.');

export const infra = () => layer(infraSettings, 'Shared objects of a cohort, in its namespace.');

export const chart = () => layer(chartSettings, 'Source of the chart, for the delivery helm.');

export const maxSessions = () =>
  whole(1, 100_000).optional().meta({
    description:
      'The most sessions of a cohort that run at the same time. It sets the quota. Without it, only spec.infra.quota sets one.',
  });
