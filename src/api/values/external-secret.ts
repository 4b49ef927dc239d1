import { z } from 'zod';
import { valuesSchema } from './schema';

export const EXTERNAL_SECRET_CHART = 'external-secret';

const { session, labels, annotations } = valuesSchema.shape;

export const externalSecretSchema = z.strictObject({
  session,
  labels,
  annotations,
  secret: z.strictObject({
    name: z.string(),
    key: z.string(),
    source: z.enum(['generator', 'store']),
    /** Generates a missing password and writes it to the store. */
    push: z.boolean(),
    storeName: z.string(),
    storeKind: z.string(),
    path: z.string(),
    property: z.string(),
  }),
});

export type ExternalSecretValues = z.output<typeof externalSecretSchema>;
