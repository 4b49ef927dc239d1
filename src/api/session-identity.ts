import type { Path } from '@dozlab/charts/schema';
import { sessionDocument, type SessionContent } from './session';

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
