import type { ProviderSettings } from '../api/settings/secrets';
import type { SessionValues } from '../api/values/schema';
import type { Permission } from '../constructs/namespace/namespace-role';
import type { ValueProblem } from '../core/diagnostics';
import type { SecretPlace, SessionSecret } from '../model/session';

/**
 * A way in which sessions get their passwords: one object a file in this folder, all of them in `providers.ts`. A new provider needs its file and
 * a line there. `S` are its own settings.
 */
export interface SecretProvider<S = unknown> extends ProviderSettings<S> {
  /** Whether a session has no password until somebody runs `dozlab secret set`. */
  readonly needsPassword: boolean;

  /** Whether the chart of sessions makes the Secret. @default false */
  readonly isMadeByChart?: boolean;

  /** Providers that keep passwords in `secrets/<cohort>/<session>.yaml`: the form of these files. */
  readonly file?: SecretFile;

  /** Providers whose Secrets never change: the name of the Secret of a generation from 2. `spec.secretGeneration` counts them. */
  secretName?(name: string, generation: number): string;

  /** Calls that Flux needs to apply the provider's objects, beside calls for Secrets. @default none */
  readonly permissions?: readonly Permission[];

  /** Problems of the settings of a cohort. Paths start at `spec.secrets`. */
  check?(settings: S, delivery: { readonly usesHelm: boolean }): ValueProblem[];

  /** Problems of files that the settings name. `dozlab validate` alone asks, as they change with time. Paths start at `spec.secrets`. */
  checkSources?(settings: S, read: ReadFile, now: Date): ValueProblem[];

  /** Conflicts between sessions of a project: a message for the file of each session at fault. */
  checkTogether?(
    sessions: readonly { readonly file: string; readonly secret: SessionSecret<S> }[],
  ): { readonly file: string; readonly message: string }[];

  /** Objects that the cluster must have for the password of a session. */
  requirements(secret: SessionSecret<S>): Requirement[];

  /** Objects for `dist/`, in a file beside the manifests of the session. Providers with a `file` have it copied there. */
  files?(session: { readonly values: SessionValues; readonly secret: SessionSecret<S> }): SecretManifests;

  /** Secret with the key with which Flux decrypts the files of a cohort. */
  fluxDecryption?(settings: S): string;

  /**
   * Makes a change that gives a session a password.
   * @param given the password; the provider makes one if it is undefined
   * @throws DozlabError when the provider takes no password, or a certificate, key or program is missing or wrong
   */
  set(
    secret: SessionSecret<S>,
    given: string | undefined,
    context: SetContext,
  ): PasswordChange | Promise<PasswordChange>;

  /** @param live the Secrets of a namespace; undefined when the cluster does not answer */
  status(secret: SessionSecret<S>, live: (namespace: string) => readonly LiveSecret[] | undefined): PasswordState;

  /**
   * Reads the password of a session.
   * @throws DozlabError when no key opens it, or the cluster does not give it
   */
  reveal(secret: SessionSecret<S>, context: RevealContext): string | Promise<string>;

  /** Providers whose files `reveal` opens with `--private-key`: the key in words, such as "the private key of the controller". */
  readonly privateKey?: string;
}

/** The form of files in `secrets/`. */
export interface SecretFile {
  readonly kind: string;
  /** For a kind of its own: the field that holds encrypted values. */
  readonly payload?: string;
  /** Problems of a file. No message shows a value. */
  check(content: unknown, place: SecretPlace): ValueProblem[];
}

/** Something that a session refers to and that no file of the project makes. */
export interface Requirement {
  readonly kind: string;
  readonly name: string;
  /** @default none: the object belongs to no namespace */
  readonly namespace?: string;
  /** A key that the Secret or ConfigMap must have. */
  readonly key?: string;
  /** Completes "needs … for". */
  readonly use: string;
}

/** Objects as YAML, or values of a chart of `manifests/secret-charts.ts`. */
export type SecretManifests = { readonly yaml: string } | { readonly chart: string; readonly values: object };

/** Reads a file of the project, or says in words why it cannot be read, as in "is outside the project". */
export type ReadFile = (path: string) => { readonly text: string } | { readonly fault: string };

export interface SetContext {
  /** Folder of the project. */
  readonly project: string;
  /** Path of the session's file in `secrets/`, within the project. */
  readonly file: string;
  readonly read: ReadFile;
  readonly now: Date;
}

/** A change that gives a session its next password. */
export type PasswordChange =
  /** Text of the session's file in `secrets/`. */
  | { readonly file: string }
  /** Key of its Secret in the cluster. */
  | { readonly secret: SecretWrite }
  /** `spec.secretGeneration` in the file of the session. */
  | { readonly generation: number };

export interface SecretWrite {
  readonly password: string;
  /** Type and labels of the Secret. @default only the key and an annotation are written */
  readonly base?: { readonly type: string; readonly labels?: Readonly<Record<string, string>> };
  /** Why there must be a Secret already. @default the write makes one */
  readonly mustExist?: string;
}

/** The state of a password, without the password. */
export interface PasswordState {
  /** `unreadable`: its file cannot be read. `unknown`: the cluster does not answer. */
  readonly state: 'present' | 'missing' | 'unreadable' | 'unknown';
  /** RFC 3339. */
  readonly madeAt?: string;
  /** Certificate and scope that seal it, or recipients that it is encrypted for. */
  readonly openedBy?: string;
}

/** A Secret in the cluster, without its values. */
export interface LiveSecret {
  readonly name: string;
  readonly keys: readonly string[];
  /** When the password was made, or else the Secret: RFC 3339. */
  readonly madeAt: string;
}

export interface RevealContext {
  /** Folder of the project. */
  readonly project: string;
  /** Reads a key of a Secret in the cluster. */
  readonly readSecret: (place: SecretPlace) => string;
  readonly environment: NodeJS.ProcessEnv;
  /** File with a private key in PEM form. */
  readonly privateKey?: string;
}
