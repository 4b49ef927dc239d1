import type { Mapping } from '@dozlab/charts/schema';
import type { SessionValues } from '../api/values/schema';

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
