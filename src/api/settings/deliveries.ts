import type { z } from 'zod';
import { oneOf } from '../values/fields';

/** What a delivery adds to the files of a project. */
export interface DeliverySettings<S = unknown> {
  /** Value of `spec.delivery`. */
  readonly name: string;
  /** What it does, in brackets behind its name in help texts. */
  readonly summary: string;
  /** A key of `spec` in dozlab.yaml with settings of its own. */
  readonly settings?: { readonly key: string; readonly schema: z.ZodType<S> };
}

export type Deliveries = readonly [DeliverySettings, ...DeliverySettings[]];

/** The schema of `spec.delivery`. The first delivery is the default of the project. */
export function deliverySchema([first, ...others]: Deliveries) {
  const summaries = [first, ...others].map(({ name, summary }) => `${name} (${summary})`);
  return oneOf(first.name, ...others.map(({ name }) => name)).meta({
    description: `How sessions reach the cluster: ${summaries.join(', ')}. dist/ always has manifests and chart.`,
  });
}

/** The settings of deliveries by their keys in `spec` of dozlab.yaml. */
export const settingsByKey = (deliveries: Deliveries): Readonly<Record<string, z.ZodType>> =>
  Object.fromEntries(
    deliveries.flatMap(({ settings }) => (settings === undefined ? [] : [[settings.key, settings.schema]])),
  );
