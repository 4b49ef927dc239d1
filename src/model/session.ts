import type { Mapping } from '@dozlab/charts/schema';
import type { SessionValues } from '../api/values/schema';

/** A session with complete values, ready to be rendered. */
export interface Session {
  readonly id: string;
  readonly cohort: string;
  readonly namespace: string;
  readonly lab: string;
  readonly values: SessionValues;
  /** The values that files give, without defaults and identity. */
  readonly given: Mapping;
  /** The same object for all sessions of a class. */
  readonly sessionClass?: SessionClass;
  readonly secret: SessionSecret;
}

/** What sessions of a cohort share that differ only in their identity. */
export interface SessionClass {
  /** Complete values of any of them. */
  readonly values: SessionValues;
  /** The values that files give, without defaults and identity. */
  readonly given: Mapping;
}

/** Where the password of a session comes from. `S` are the provider's own settings. */
export interface SessionSecret<S = unknown> {
  /** Name of the provider. */
  readonly provider: string;
  readonly place: SecretPlace;
  readonly settings: S;
  /** Number of the password, from 1; above 1 only with providers whose Secrets never change. */
  readonly generation: number;
  /** Whether the chart of sessions makes the Secret. @default false */
  readonly isMadeByChart?: boolean;
  /** Content of the session's file in `secrets/`. */
  readonly text?: string;
  /** Whether that file exists but cannot be read. */
  readonly isUnreadable?: boolean;
}

/** The Secret that holds a session's password, and its key there. */
export interface SecretPlace {
  readonly namespace: string;
  readonly name: string;
  readonly key: string;
  /** The session's id. */
  readonly session: string;
}
