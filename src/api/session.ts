import type { z } from 'zod';
import { document, values } from './document';
import { dateTime, fileName, flag, labelName, object, whole } from './values/fields';
import { sessionId, userId } from './values/schema';
import type { Path } from '@dozlab/charts/schema';

export const MOST_GENERATIONS = 1_000_000;

export const sessionDocument = document(
  'LabSession',
  fileName(sessionId()),
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

/** The fields that differ between sessions of a class. */
export interface SessionIdentity {
  readonly name: string;
  readonly userId: string;
  readonly expiresAt?: string;
  readonly suspended?: boolean;
}

export type IdentityField = keyof SessionIdentity;

const { metadata, spec } = sessionDocument.shape;

export const IDENTITY_FIELDS = {
  name: { file: ['metadata', 'name'], values: ['session', 'id'], schema: metadata.shape.name },
  userId: { file: ['spec', 'userId'], values: ['session', 'userId'], schema: spec.shape.userId },
  expiresAt: { file: ['spec', 'expiresAt'], values: ['session', 'expiresAt'], schema: spec.shape.expiresAt },
  suspended: { file: ['spec', 'suspended'], values: ['suspended'], schema: spec.shape.suspended },
} as const satisfies Record<IdentityField, { file: Path; values: Path; schema: object }>;

const FIELDS = Object.entries(IDENTITY_FIELDS) as [IdentityField, (typeof IDENTITY_FIELDS)[IdentityField]][];

export const isValidIdentity = (identity: SessionIdentity): boolean =>
  FIELDS.every(([field, { schema }]) => schema.safeParse(identity[field]).success);

export function identityOf({
  metadata: { name },
  spec: { userId, expiresAt, suspended },
}: SessionContent): SessionIdentity {
  return {
    ...{ name, userId },
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(suspended === undefined ? {} : { suspended }),
  };
}

export const withIdentity = (content: SessionContent, { name, ...identity }: SessionIdentity): SessionContent => ({
  ...content,
  metadata: { ...content.metadata, name },
  spec: { ...content.spec, ...identity },
});

export function identityValues({ name: id, userId, expiresAt, suspended }: SessionIdentity): {
  readonly session: { readonly id: string; readonly userId: string; readonly expiresAt?: string };
  readonly suspended?: boolean;
} {
  const session = { id, userId, ...(expiresAt === undefined ? {} : { expiresAt }) };
  return suspended === undefined ? { session } : { session, suspended };
}

export const IDENTITY_KEYS: readonly string[] = Array.from(
  new Set(
    FIELDS.map(
      ([
        ,
        {
          values: [key],
        },
      ]) => key,
    ),
  ),
);

const FILE_PATHS: ReadonlyMap<string, Path> = new Map(FIELDS.map(([, { file, values }]) => [values.join('.'), file]));

export const identityPath = (values: Path): Path | undefined => FILE_PATHS.get(values.join('.'));
