import type { z } from 'zod';
import { oneOf } from '../values/fields';

export interface DeliverySettings<S = unknown> {
  readonly name: string;
  readonly summary: string;
  /** Undefined where dozlab.yaml does not have the key. */
  readonly settings?: { readonly key: string; readonly schema: z.ZodType<S> };
}

export type Deliveries = readonly [DeliverySettings, ...DeliverySettings[]];

export function deliverySchema([first, ...others]: Deliveries) {
  const summaries = [first, ...others].map(({ name, summary }) => `${name} (${summary})`);
  return oneOf(first.name, ...others.map(({ name }) => name)).meta({
    description: `How sessions reach the cluster: ${summaries.join(', ')}. dist/ always has manifests and chart.`,
  });
}

export const settingsByKey = (deliveries: Deliveries): Readonly<Record<string, z.ZodType>> =>
  Object.fromEntries(
    deliveries.flatMap(({ settings }) => {
      if (settings === undefined) return [];
      const { key, schema } = settings;
      return [[key, schema.optional().meta({ description: schema.description })]];
    }),
  );
