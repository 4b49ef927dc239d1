import { type Mapping, at, mergeTrees, type Path, type Tree } from '@dozlab/charts/schema';
import type { SessionValues } from '../api/values/schema';
import { IDENTITY_KEYS } from '../api/session';

/** A session with complete values. */
export interface Session {
  readonly id: string;
  readonly cohort: string;
  readonly namespace: string;
  readonly lab: string;
  readonly values: SessionValues;
  /** Without defaults and identity. */
  readonly given: Mapping;
  /** The same object for all sessions of a class. */
  readonly sessionClass?: SessionClass;
  readonly secret: SessionSecret;
}

/** Sessions of a class differ only in their identity. */
export interface SessionClass {
  readonly values: SessionValues;
  /** Without defaults and identity. */
  readonly given: Mapping;
}

/** `S` are the provider's own settings. */
export interface SessionSecret<S = unknown> {
  readonly provider: string;
  readonly place: SecretPlace;
  readonly settings: S;
  /** From 1; above 1 only with providers whose Secrets never change. */
  readonly generation: number;
  /** @default false */
  readonly isMadeByChart?: boolean;
  /** Content of the session's file in `secrets/`. */
  readonly text?: string;
  /** The file exists, but cannot be read. */
  readonly isUnreadable?: boolean;
}

export interface SecretPlace {
  readonly namespace: string;
  readonly name: string;
  readonly key: string;
  readonly session: string;
}

const NAME_OF_SECRET: Path = ['codeServer', 'existingSecret'];

/** The values name the Secret, so that the chart makes none, unless `isMadeByChart`. */
export function releaseValues({
  values,
  given,
  secret,
}: Pick<Session, 'values' | 'given'> & Partial<Pick<Session, 'secret'>>): Mapping {
  const all = { ...given, ...picked(values, IDENTITY_KEYS) };
  if (secret === undefined || secret.isMadeByChart === true) return all;
  const { name } = secret.place;
  // What sessions share stays the same object: it is printed once.
  if (at(given, NAME_OF_SECRET) === name) return all;
  return mergeTrees(all, { codeServer: { existingSecret: name } });
}

const picked = (values: Session['values'], keys: readonly string[]): Mapping =>
  Object.fromEntries<Tree>(Object.entries(values as unknown as Mapping).filter(([key]) => keys.includes(key)));
