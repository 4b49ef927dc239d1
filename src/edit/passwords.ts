import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MOST_GENERATIONS, SESSION_KEYS } from '../api/session';
import { secretFile } from '../api/file-names';
import { DozlabError } from '../core/errors';
import { withoutSecrets } from '../core/redact';
import type { Kubectl } from '../kube/kubectl';
import type { Session } from '../model/session';
import { fileReader } from '../resolve/secret';
import type { LiveSecret, PasswordState, RevealContext, SecretProvider } from '../secrets/provider';
import { providerOf } from '../secrets/providers';
import { listSecrets, readSecret, writeSecret } from '../secrets/cluster';
import { readYaml } from '../source/yaml';
import { writeFileIn } from '../core/replace-file';
import { editedYaml } from './yaml-edit';

/** Carries out what providers say of passwords, in the project and in the cluster. */
export interface PasswordTools {
  /** Folder of the project. */
  readonly project: string;
  readonly kubectl: Kubectl;
}

/** Where `setPassword` wrote a password. */
export interface WrittenPassword {
  /** In words. */
  readonly where: string;
  /** Whether `dozlab synth` must run. */
  readonly isInProject: boolean;
  /** Whether the session reads another Secret from now on, so that its pod is replaced. */
  readonly isOtherSecret: boolean;
}

/**
 * Gives a session a password, where its provider keeps it: the file in `secrets/`, which is replaced as a whole, or the cluster.
 * @param given the password; the provider makes one if it is undefined
 * @throws DozlabError when the provider takes no password, or a certificate, key or program is missing or wrong; then nothing is changed
 */
export async function setPassword(
  { cohort, id, secret }: Session,
  given: string | undefined,
  { project, kubectl }: PasswordTools,
): Promise<WrittenPassword> {
  const { place } = secret;
  const provider = providerOf(secret.provider);
  const file = secretFile(cohort, id);
  const now = new Date();
  const change = await provider.set(secret, given, { project, file, now, read: fileReader(project) });
  if ('file' in change) {
    writeInProject(project, file, checked(file, change.file, provider, place));
    return { where: file, isInProject: true, isOtherSecret: false };
  }
  if ('generation' in change) {
    const path = `sessions/${cohort}/${id}.yaml`;
    writeInProject(project, path, withGeneration(project, path, change.generation));
    const where = `${path}: spec.secretGeneration ${String(change.generation)}`;
    return { where, isInProject: true, isOtherSecret: true };
  }
  writeSecret(kubectl, place, change.secret, now);
  const where = `the Secret ${place.name} in the namespace ${place.namespace}`;
  return { where, isInProject: false, isOtherSecret: false };
}

function writeInProject(project: string, path: string, content: string): void {
  try {
    writeFileIn(project, path, content);
  } catch (error) {
    if (error instanceof DozlabError) throw error;
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new DozlabError('write-failed', `${path} cannot be written (${code}); what is there is as it was`, {
      cause: error,
    });
  }
}

/** A text that is about to be written, unless synth would not accept it, or it shows the password. */
function checked(path: string, text: string, { file }: SecretProvider, place: Session['secret']['place']): string {
  const read = readYaml(path, text);
  const [problem] = Array.isArray(read) ? read : (file?.check(read.content, place) ?? []);
  if (problem !== undefined)
    throw new DozlabError('failed-tool', `what was to be written ${problem.message}: nothing was written`);
  if (withoutSecrets(text) !== text)
    throw new DozlabError('failed-tool', 'what was to be written shows the password: nothing was written');
  return text;
}

function withGeneration(project: string, path: string, generation: number): string {
  const edit = { path: ['spec', 'secretGeneration'], value: generation };
  const text =
    generation > MOST_GENERATIONS
      ? undefined
      : editedYaml(readFileSync(join(project, path), 'utf8'), [edit], SESSION_KEYS);
  if (text === undefined)
    throw new DozlabError(
      'unsupported',
      `${path} cannot be changed without changing more than spec.secretGeneration (at most ${String(MOST_GENERATIONS)}): set it by hand`,
    );
  return text;
}

/** The password of a session, without the password: an item of `dozlab secret status -o json`. */
export interface PasswordStatus extends PasswordState {
  readonly cohort: string;
  readonly session: string;
  readonly provider: string;
  readonly namespace: string;
  /** Name of the Secret. */
  readonly secret: string;
  /** Key of the password in the Secret. */
  readonly key: string;
}

/** The state of passwords: of those in Git by their files, of the others by one request for each namespace. */
export function passwordStatus(sessions: readonly Session[], kubectl: Kubectl | undefined): PasswordStatus[] {
  const listed = new Map<string, readonly LiveSecret[] | undefined>();
  const live = (namespace: string): readonly LiveSecret[] | undefined => {
    if (!listed.has(namespace))
      listed.set(namespace, kubectl === undefined ? undefined : listSecrets(kubectl, namespace));
    return listed.get(namespace);
  };
  return sessions.map(({ id, cohort, secret }) => {
    const { namespace, name, key } = secret.place;
    const state = providerOf(secret.provider).status(secret, live);
    return { cohort, session: id, provider: secret.provider, namespace, secret: name, key, ...state };
  });
}

/**
 * Reads the password of a session: whoever may read the Secret in the cluster, or holds a key that opens the file in `secrets/`, may see it.
 * @param privateKey file with the private key of the Sealed Secrets controller, in PEM form
 * @throws DozlabError when no key opens it, or the cluster does not give it
 */
export async function revealPassword(
  { secret }: Session,
  { project, kubectl }: PasswordTools,
  privateKey: string | undefined,
): Promise<string> {
  const provider = providerOf(secret.provider);
  if (privateKey !== undefined && (provider.opensWithPrivateKey !== true || secret.text === undefined))
    throw new DozlabError('invalid-usage', 'a private key opens the SealedSecret of a session, and this one has none');
  const context: RevealContext = {
    project,
    environment: process.env,
    readSecret: (place) => readSecret(kubectl, place),
    ...(privateKey === undefined ? {} : { privateKey }),
  };
  return provider.reveal(secret, context);
}
