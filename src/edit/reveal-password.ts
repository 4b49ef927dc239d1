import { createPrivateKey } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { DozlabError } from '../core/errors';
import { keepSecret } from '../core/redact';
import { at } from '@dozlab/charts/schema';
import { scopeOf, unseal } from '../secrets/sealed-secret';
import { decryptSecret, sopsMetadata, valueIn } from '../secrets/sops';
import type { Kubectl } from '../kube/kubectl';
import { decryptBySops } from '../secrets/sops-program';
import type { Session } from '../model/session';

/** Who may see a password: whoever may read the Secret in the cluster, or holds a key that opens the file in `secrets/`. */
export interface RevealTools {
  readonly project: string;
  readonly kubectl: Kubectl;
  /** File with the private key of the Sealed Secrets controller, in PEM form. */
  readonly privateKey?: string;
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * The password of a session.
 * @throws DozlabError when nothing at hand opens it, or the cluster does not give it
 */
export async function revealPassword({ secret }: Session, tools: RevealTools): Promise<string> {
  const { provider, place, text } = secret;
  if (tools.privateKey !== undefined) {
    if (provider !== 'sealed-secrets' || text === undefined)
      throw new DozlabError(
        'invalid-usage',
        'a private key opens the SealedSecret of a session, and this one has none',
      );
    const content: unknown = parseDocument(text).toJS();
    const sealed = String(at(content, ['spec', 'encryptedData', place.key]));
    return keepSecret(unseal(sealed, privateKeyIn(tools.privateKey), scopeOf(content), place));
  }
  if (provider !== 'sops' || text === undefined) return tools.kubectl.read(place);
  const { recipients = [] } = sopsMetadata(parseDocument(text).toJS()) ?? {};
  if (recipients.length === 0) return keepSecret(valueIn(decryptBySops(text, tools.project), place.key));
  return keepSecret(await decryptSecret(text, place.key, identities(tools.environment)));
}

function privateKeyIn(path: string) {
  try {
    return createPrivateKey(readFileSync(path, 'utf8'));
  } catch {
    // The system's words may quote the key.
    throw new DozlabError('invalid-secret', `${path} is not a private key in PEM form that can be read`);
  }
}

/** The age keys at hand, from where SOPS looks for them too (SOPS, "Encrypting using age"). */
function identities(environment: NodeJS.ProcessEnv): string[] {
  const { SOPS_AGE_KEY: key, SOPS_AGE_KEY_FILE: file, XDG_CONFIG_HOME: config } = environment;
  const usual = join(config !== undefined && config !== '' ? config : join(homedir(), '.config'), 'sops/age/keys.txt');
  const path = file !== undefined && file !== '' ? file : usual;
  const texts = [key ?? ''];
  if (existsSync(path)) texts.push(readKeys(path));
  else if (file !== undefined && file !== '')
    throw new DozlabError('invalid-secret', `SOPS_AGE_KEY_FILE names ${file}, which is not there`);
  const found = texts.flatMap((text) => text.split('\n')).map((line) => line.trim());
  // A key on a device is opened by a plugin of the program age.
  const keys = found.filter((line) => line !== '' && !line.startsWith('#') && !line.startsWith('AGE-PLUGIN-'));
  for (const each of keys) keepSecret(each);
  if (keys.length === 0)
    throw new DozlabError(
      'invalid-secret',
      `there is no age key at hand; accepted: one in SOPS_AGE_KEY, in the file that SOPS_AGE_KEY_FILE names, or in ${usual}`,
    );
  return keys;
}

function readKeys(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new DozlabError('invalid-secret', `${path} cannot be read (${code})`, { cause: error });
  }
}
