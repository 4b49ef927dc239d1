import { z } from 'zod';
import { valuesSchema } from './schema';

/** Name of the chart that renders them. */
export const EXTERNAL_SECRET_CHART = 'external-secret';

const { session, labels, annotations } = valuesSchema.shape;

/** What the objects of the External Secrets Operator for a session's password are made of: no more of the session than its metadata. */
export const externalSecretSchema = z.strictObject({
  session,
  labels,
  annotations,
  secret: z.strictObject({
    /** Name of the Secret, and of the objects that make it. */
    name: z.string(),
    /** Key of the password in the Secret. */
    key: z.string(),
    /** Whether the password is made in the cluster alone, or kept in a store. */
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
