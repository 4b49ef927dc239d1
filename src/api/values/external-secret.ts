import { z } from 'zod';
import { valuesSchema } from './schema';

/** Name of the chart that renders them. */
export const EXTERNAL_SECRET_CHART = 'external-secret';

const { session, labels, annotations } = valuesSchema.shape;

/** Values of the External Secrets objects for a session's password. Of the session they have its metadata only. */
export const externalSecretSchema = z.strictObject({
  session,
  labels,
  annotations,
  secret: z.strictObject({
    /** Name of the Secret, and of the objects that make it. */
    name: z.string(),
    /** Key of the password in the Secret. */
    key: z.string(),
    /** Whether a store keeps the password. */
    source: z.enum(['generator', 'store']),
    /** Whether the password is made and written to the store, if it is not there. */
    push: z.boolean(),
    storeName: z.string(),
    storeKind: z.string(),
    path: z.string(),
    property: z.string(),
  }),
});

export type ExternalSecretValues = z.output<typeof externalSecretSchema>;
