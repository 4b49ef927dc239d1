import { z } from 'zod';
import type { Mapping } from '@dozlab/charts/schema';
import { object } from './values/fields';
import { valuesLayer } from './values/overrides';

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
