import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DozlabError } from '../core/errors';
import { keepSecret, withoutSecrets } from '../core/redact';
import { sealedSecretProblems, sopsProblems } from '../secrets/validate';
import { expiredText, isExpired } from '../secrets/certificate';
import { makePassword } from '../secrets/password';
import { sealedSecretText } from '../secrets/sealed-secret';
import { hasFile, secretFile } from '../secrets/provider';
import { encryptedSecretText } from '../secrets/sops';
import type { Kubectl } from '../kube/kubectl';
import { encryptBySops, hasSops } from '../secrets/sops-program';
import { fetchCertificate, shownSource } from '../secrets/certificate-source';
import { MOST_GENERATIONS, SESSION_KEYS } from '../api/documents';
import { editedYaml } from './yaml-edit';
import { writeFile } from '../synth/write-output';
import type { Session } from '../model/session';
import { readYaml } from '../source/yaml';

/** What a new password is written with. */
export interface PasswordTools {
  /** Folder of the project. */
  readonly project: string;
  readonly kubectl: Kubectl;
  readonly now: Date;
}

/**
 * Gives a session a password, where its provider keeps it: the file in `secrets/`, which is replaced as a whole, or the cluster.
 * @param given the password; one is made when it is not given
 * @returns in words where the password is now
 * @throws DozlabError when the provider cannot take one, or a certificate, key or program is not right; then nothing is changed
 */
export async function writePassword(
  session: Session,
  given: string | undefined,
  tools: PasswordTools,
): Promise<string> {
  const { secret } = session;
  if (secret.provider === 'external-secrets') return rotateExternal(session, given, tools);
  const password = keepSecret(given ?? makePassword());
  const { place } = secret;
  if (hasFile(secret.provider)) {
    const text = await (secret.provider === 'sops' ? encrypted : sealed)(session, password, tools);
    const path = secretFile(session.cohort, session.id);
    writeInProject(tools.project, path, text);
    return path;
  }
  if (secret.provider === 'generated') tools.kubectl.change(password, place, tools.now);
  else tools.kubectl.write(password, place, tools.now);
  return `the Secret ${place.name} in the namespace ${place.namespace}`;
}

function writeInProject(project: string, path: string, content: string): void {
  try {
    writeFile(project, { path, content });
  } catch (error) {
    if (error instanceof DozlabError) throw error;
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new DozlabError('write-failed', `${path} cannot be written (${code}); what is there is as it was`, {
      cause: error,
    });
  }
}

async function sealed({ id, cohort, secret }: Session, password: string, tools: PasswordTools): Promise<string> {
  const { certificate: source, scope } = secret.settings.sealedSecrets;
  if (source === undefined)
    throw new DozlabError(
      'invalid-certificate',
      'spec.secrets.sealedSecrets.certificate of dozlab.yaml or the cohort is missing; accepted: a path in the project or a URL of the certificate of the controller',
    );
  const certificate = await fetchCertificate(source, tools.project);
  if (isExpired(certificate, tools.now))
    throw new DozlabError('invalid-certificate', `${shownSource(source)} ${expiredText(certificate)}`);
  const text = sealedSecretText(password, certificate, scope, secret.place, tools.now);
  return checked(secretFile(cohort, id), text, (content) => sealedSecretProblems(content, secret.place));
}

async function encrypted(session: Session, password: string, tools: PasswordTools): Promise<string> {
  const { settings, place } = session.secret;
  const recipients = settings.sops.age;
  const path = secretFile(session.cohort, session.id);
  const text =
    recipients.length === 0 || hasSops()
      ? encryptBySops(password, recipients, place, tools.project, path)
      : await encryptedSecretText(password, recipients, place, tools.now);
  return checked(path, text, (content) => sopsProblems(content, place));
}

/** A text that is about to be written, unless synth would not accept it, or it shows the password. */
function checked(path: string, text: string, check: (content: unknown) => readonly { message: string }[]): string {
  const read = readYaml(path, text);
  const [problem] = Array.isArray(read) ? read : check(read.content);
  if (problem !== undefined)
    throw new DozlabError('failed-tool', `what was to be written ${problem.message}: nothing was written`);
  if (withoutSecrets(text) !== text)
    throw new DozlabError('failed-tool', 'what was to be written shows the password: nothing was written');
  return text;
}

/** The next password of External Secrets is another Secret, which the session's file asks for. */
function rotateExternal(
  { cohort, id, secret }: Session,
  given: string | undefined,
  { project }: PasswordTools,
): string {
  const { secretStoreRef: store } = secret.settings.externalSecrets;
  if (given !== undefined) {
    const where = store === undefined ? '' : ` by writing to the store ${store.name} itself, or`;
    throw new DozlabError(
      'unsupported',
      `the provider external-secrets makes passwords in the cluster and takes none; accepted: another password${where} by dozlab secret rotate`,
    );
  }
  const path = `sessions/${cohort}/${id}.yaml`;
  const next = secret.generation + 1;
  const edit = { path: ['spec', 'secretGeneration'], value: next };
  const text =
    next > MOST_GENERATIONS ? undefined : editedYaml(readFileSync(join(project, path), 'utf8'), [edit], SESSION_KEYS);
  if (text === undefined)
    throw new DozlabError(
      'unsupported',
      `${path} cannot be changed without changing more than spec.secretGeneration (at most ${String(MOST_GENERATIONS)}): set it by hand`,
    );
  writeInProject(project, path, text);
  return `${path}: spec.secretGeneration ${String(next)}`;
}
