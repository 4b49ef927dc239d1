import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MOST_GENERATIONS, SESSION_KEYS } from '../api/session';
import { secretFile } from '../api/file-names';
import { DozlabError } from '../core/errors';
import { safeMessage, withoutSecrets } from '../core/redact';
import type { Kubectl } from '../kube/kubectl';
import type { Session } from '../model/session';
import { fileReader } from '../resolve/secret';
import { listSecrets, readSecret, writeSecret } from '../secrets/cluster';
import type { LiveSecret, PasswordState, RevealContext } from '../secrets/provider';
import { PROVIDERS, providerOf } from '../secrets/providers';
import { Diagnostics } from '../core/diagnostics';
import { readYaml } from '../source/yaml';
import { writeFileIn } from '../core/replace-file';
import type { FileChange } from '../source/changes';
import { sessionPath } from './session-file';
import { editedYaml } from './yaml-edit';

export interface PasswordTools {
  readonly project: string;
  readonly kubectl: Kubectl;
}

export interface WrittenPassword {
  readonly session: Session;
  readonly where: string;
  readonly isInProject: boolean;
  /** Replaces the pod. */
  readonly isOtherSecret: boolean;
}

const nameOf = ({ cohort, id }: Session): string => `${cohort}/${id}`;

/**
 * Writes a shared Secret once.
 * @param given undefined makes a password for each
 * @throws DozlabError if a provider takes no password, or a file or program is missing
 */
export async function* setPasswords(
  sessions: readonly Session[],
  given: string | undefined,
  tools: PasswordTools,
): AsyncGenerator<WrittenPassword> {
  const first = new Map<string, Session>();
  for (const session of sessions) {
    const { namespace, name } = session.secret.place;
    const other = first.get(`${namespace}/${name}`);
    if (other === undefined) {
      first.set(`${namespace}/${name}`, session);
      yield await setPassword(session, given, tools);
    } else {
      const where = `shares the Secret ${name} with ${nameOf(other)}`;
      yield { session, where, isInProject: false, isOtherSecret: false };
    }
  }
}

/** Files of sessions whose rotation changes the name of the Secret, and so replaces the pod. */
export function rotatedFiles(sessions: readonly Session[], project: string): FileChange[] {
  const renamed = sessions.filter(({ secret: { provider } }) => providerOf(provider).secretName !== undefined);
  return renamed.map(({ cohort, id, secret: { generation } }) => {
    const path = sessionPath(cohort, id);
    return { path, content: withGeneration(project, path, generation + 1) };
  });
}

async function setPassword(
  session: Session,
  given: string | undefined,
  { project, kubectl }: PasswordTools,
): Promise<WrittenPassword> {
  const { cohort, id, secret } = session;
  const file = secretFile(cohort, id);
  const now = new Date();
  const context = { project, file, now, read: fileReader(project) };
  const change = await providerOf(secret.provider).set(secret, given, context);
  if ('file' in change) {
    writeInProject(project, file, checked(session, file, change.file));
    return { session, where: file, isInProject: true, isOtherSecret: false };
  }
  if ('generation' in change) {
    const path = sessionPath(cohort, id);
    writeInProject(project, path, withGeneration(project, path, change.generation));
    const where = `${path}: spec.secretGeneration ${String(change.generation)}`;
    return { session, where, isInProject: true, isOtherSecret: true };
  }
  writeSecret(kubectl, secret.place, change.secret, now);
  const where = `the Secret ${safeMessage(secret.place.name)} in the namespace ${secret.place.namespace}`;
  return { session, where, isInProject: false, isOtherSecret: false };
}

function writeInProject(project: string, path: string, content: string): void {
  try {
    writeFileIn(project, path, content);
  } catch (error) {
    if (error instanceof DozlabError) throw error;
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new DozlabError('write-failed', `${path} cannot be written (${code}); it is unchanged`, { cause: error });
  }
}

/** `synth` must accept it, and it must not show the password. */
function checked({ secret: { provider, place, settings } }: Session, path: string, text: string): string {
  const diagnostics = new Diagnostics();
  const read = readYaml(path, text, diagnostics);
  const [problem] =
    read === undefined ? diagnostics.problems : (providerOf(provider).file?.check(read.content, place, settings) ?? []);
  if (problem !== undefined)
    throw new DozlabError('failed-tool', `the new ${path} is wrong, so it was not written: ${problem.message}`);
  if (withoutSecrets(text) !== text)
    throw new DozlabError(
      'failed-tool',
      `the new ${path} has the given text in the clear, so it was not written. Fix: give another password`,
    );
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
      `${path} cannot be changed in spec.secretGeneration alone. Fix: set it by hand, to at most ${String(MOST_GENERATIONS)}`,
    );
  return text;
}

/** Without providers that make passwords. */
export function withoutPassword(sessions: readonly Session[], kubectl: Kubectl): Session[] {
  const own = sessions.filter(({ secret: { provider } }) => providerOf(provider).needsPassword);
  const states = passwordStatus(own, kubectl);
  return own.filter((_, index) => states[index]?.state === 'missing');
}

/** Item of `dozlab secret status -o json`. */
export interface PasswordStatus extends PasswordState {
  readonly cohort: string;
  readonly session: string;
  readonly provider: string;
  readonly namespace: string;
  readonly secret: string;
  readonly key: string;
}

/**
 * One request for each namespace.
 * @param kubectl undefined if the cluster does not answer
 */
export function passwordStatus(sessions: readonly Session[], kubectl: Kubectl | undefined): PasswordStatus[] {
  const listed = new Map<string, readonly LiveSecret[] | undefined>();
  const live = (namespace: string): readonly LiveSecret[] | undefined => {
    if (!listed.has(namespace))
      listed.set(namespace, kubectl === undefined ? undefined : listSecrets(kubectl, namespace));
    return listed.get(namespace);
  };
  return sessions.map(({ id, cohort, secret }) => {
    const { namespace, name, key } = secret.place;
    const shown = { secret: safeMessage(name), key: safeMessage(key) };
    const state = providerOf(secret.provider).status(secret, live);
    return { cohort, session: id, provider: secret.provider, namespace, ...shown, ...state };
  });
}

export const PRIVATE_KEYS = PROVIDERS.flatMap(({ name, privateKey }) =>
  privateKey === undefined ? [] : [{ provider: name, privateKey }],
);

/**
 * @param privateKey PEM file
 * @throws DozlabError if no key opens the file or the cluster refuses
 */
export async function revealPassword(
  { secret }: Session,
  { project, kubectl }: PasswordTools,
  privateKey: string | undefined,
): Promise<string> {
  const provider = providerOf(secret.provider);
  if (privateKey !== undefined && (provider.privateKey === undefined || secret.text === undefined))
    throw new DozlabError(
      'invalid-usage',
      `--private-key opens files of ${PRIVATE_KEYS.map(({ provider: name }) => name).join(', ')}, and this session has none. Fix: leave the option out`,
    );
  const context: RevealContext = {
    project,
    environment: process.env,
    readSecret: (place) => readSecret(kubectl, place),
    ...(privateKey === undefined ? {} : { privateKey }),
  };
  return provider.reveal(secret, context);
}
