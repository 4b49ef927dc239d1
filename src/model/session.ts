import type { Mapping } from '@dozlab/charts/schema';
import type { Provider, SecretsSettings } from '../api/settings/secrets';
import type { SessionValues } from '../api/values/schema';

/** A session with complete values, ready to be rendered. */
export interface Session {
  readonly id: string;
  readonly cohort: string;
  readonly namespace: string;
  readonly lab: string;
  readonly values: SessionValues;
  /** Values of its release, without defaults. */
  readonly given: Mapping;
  /** The same object for sessions of a cohort whose values differ only in their identity. */
  readonly kind?: SessionKind;
  /** Whether the files that it is made of are as they were when its output was written. */
  readonly isKnown?: boolean;
  readonly secret: SessionSecret;
}

/** What sessions share that differ only in user, end and whether they run. */
export interface SessionKind {
  /** Complete values of any of them. */
  readonly values: SessionValues;
  /** The values that files give, without defaults and identity. */
  readonly given: Mapping;
}

/** Where the password of a session comes from. */
export interface SessionSecret {
  readonly provider: Provider;
  readonly place: SecretPlace;
  readonly settings: SecretsSettings;
  /** Number of the password, from 1; above 1 only with the provider external-secrets. */
  readonly generation: number;
  /** Content of the session's file in `secrets/`: a SealedSecret, or a Secret encrypted by SOPS. */
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
