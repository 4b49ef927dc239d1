import type { ProviderSettings } from '../api/settings/secrets';
import type { SessionValues } from '../api/values/schema';
import type { Permission } from '../constructs/namespace/namespace-role';
import type { ValueProblem } from '../core/diagnostics';
import type { SecretPlace, SessionSecret } from '../model/session';

/** `providers.ts` lists all providers. `S` are the provider's own settings. */
export interface SecretProvider<S = unknown> extends ProviderSettings<S> {
  /** Until somebody runs `dozlab secret set`. */
  readonly needsPassword: boolean;

  /** @default false */
  readonly isMadeByChart?: boolean;

  /** Files `secrets/<cohort>/<session>.yaml`. */
  readonly file?: SecretFile<S>;

  /** If Secrets never change: `spec.secretGeneration` counts them, from 2. */
  secretName?(name: string, generation: number): string;

  /**
   * Besides calls for Secrets.
   * @default none
   */
  readonly permissions?: readonly Permission[];

  /**
   * Kinds of its manifests. Flux applies them apart from sessions.
   * @default the kind of its file
   */
  readonly kinds?: readonly SecretKind[];

  /** Paths start at `spec.secrets`. */
  check?(settings: S, delivery: { readonly usesHelm: boolean }): ValueProblem[];

  /** Only for `dozlab validate`: the files change with time. */
  checkSources?(settings: S, read: ReadFile, now: Date): ValueProblem[];

  /** Returns a message for the file of each session at fault. */
  checkTogether?(
    sessions: readonly { readonly file: string; readonly secret: SessionSecret<S> }[],
  ): { readonly file: string; readonly message: string }[];

  requirements(secret: SessionSecret<S>): Requirement[];

  files?(session: { readonly values: SessionValues; readonly secret: SessionSecret<S> }): SecretManifests;

  fluxDecryption?(settings: S): string;

  /**
   * @param given @default the provider generates it
   * @throws DozlabError if the provider takes no password, or a certificate, key or program is wrong
   */
  set(
    secret: SessionSecret<S>,
    given: string | undefined,
    context: SetContext,
  ): PasswordChange | Promise<PasswordChange>;

  /** `live` returns undefined if the cluster does not answer. */
  status(secret: SessionSecret<S>, live: (namespace: string) => readonly LiveSecret[] | undefined): PasswordState;

  /** @throws DozlabError if no key or cluster gives the password */
  reveal(secret: SessionSecret<S>, context: RevealContext): string | Promise<string>;

  /** Such as "the private key of the controller". */
  readonly privateKey?: string;
}

export interface SecretKind {
  readonly group: string;
  readonly kind: string;
}

export interface SecretFile<S> {
  readonly kind: string;
  /** The field with encrypted values. */
  readonly payload?: string;
  /** No message shows a value. */
  check(content: unknown, place: SecretPlace, settings: S): ValueProblem[];
}

/** No project file creates it. */
export interface Requirement {
  readonly kind: string;
  readonly name: string;
  /** @default none */
  readonly namespace?: string;
  readonly key?: string;
  /** Completes "needs … for". */
  readonly use: string;
}

/** A chart of `manifests/session-templates.ts`. */
export type SecretManifests = { readonly yaml: string } | { readonly chart: string; readonly values: object };

/** `fault` as in "is outside the project". */
export type ReadFile = (path: string) => { readonly text: string } | { readonly fault: string };

export interface SetContext {
  readonly project: string;
  readonly file: string;
  readonly read: ReadFile;
  readonly now: Date;
}

export type PasswordChange =
  | { readonly file: string }
  | { readonly secret: SecretWrite }
  /** `spec.secretGeneration`. */
  | { readonly generation: number };

export interface SecretWrite {
  readonly password: string;
  /** @default only the key and an annotation */
  readonly base?: { readonly type: string; readonly labels?: Readonly<Record<string, string>> };
  /**
   * The reason.
   * @default the write creates it
   */
  readonly mustExist?: string;
}

export interface PasswordState {
  /** `unknown`: the cluster does not answer. */
  readonly state: 'present' | 'missing' | 'unreadable' | 'unknown';
  /** RFC 3339. */
  readonly madeAt?: string;
  /** Certificate and scope, or recipients. */
  readonly openedBy?: string;
  /** Recipients of the settings that cannot open it. */
  readonly notFor?: readonly string[];
  /** Who can open it against the settings. */
  readonly alsoFor?: readonly string[];
}

/** Without values. */
export interface LiveSecret {
  readonly name: string;
  readonly keys: readonly string[];
  /** RFC 3339. */
  readonly madeAt: string;
}

export interface RevealContext {
  readonly project: string;
  readonly readSecret: (place: SecretPlace) => string;
  readonly environment: NodeJS.ProcessEnv;
  /** PEM file. */
  readonly privateKey?: string;
}
