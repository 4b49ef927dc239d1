import type { z } from 'zod';
import { document, values } from './document';
import { dateTime, flag, labelName, object, whole } from './values/fields';
import { sessionId, userId } from './values/schema';

export const MOST_GENERATIONS = 1_000_000;

export const sessionDocument = document(
  'LabSession',
  sessionId(),
  object({
    userId: userId().meta({ description: 'The user: any text on one line.' }),
    lab: labelName().meta({ description: 'The lab: a file of that name in labs/.' }),
    expiresAt: dateTime().optional().meta({ description: 'When the session ends, such as 2027-01-31T18:00:00Z.' }),
    suspended: flag().optional().meta({
      description: 'true stops the session, false starts it again. Without it, the cluster decides (kubectl scale).',
    }),
    secretGeneration: whole(1, MOST_GENERATIONS).optional().meta({
      description:
        "Number of the session's password, for the provider external-secrets. secret rotate increments it. A change replaces the session's pod.",
    }),
    values: values('Values of this session, over the cohort’s values.'),
  }).meta({ description: 'The session.' }),
);

export const SESSION_KEYS: readonly string[] = Object.keys(sessionDocument.shape.spec.shape);

export type SessionContent = z.output<typeof sessionDocument>;
