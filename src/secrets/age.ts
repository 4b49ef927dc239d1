import { DozlabError } from '../core/errors';

/** Text of 64 characters a line, base64 without padding. */
const BODY = '(?:[A-Za-z0-9+/]{64}\\n)*[A-Za-z0-9+/]{0,63}\\n';
const HEADER = new RegExp(`^age-encryption\\.org/v1\\n(?:-> [!-~]+(?: [!-~]+)*\\n${BODY})+--- [A-Za-z0-9+/]{43}\\n`);

const ARMOR = /^\s*-----BEGIN AGE ENCRYPTED FILE-----\n([A-Za-z0-9+/=\n]+)\n-----END AGE ENCRYPTED FILE-----\s*$/;
const ARMORED_LINES = /^(?:[A-Za-z0-9+/]{64}\n)*[A-Za-z0-9+/]{1,64}={0,2}$/;

/** Bytes: a nonce and a tag of 16 each, and a key of at least 16. */
const SHORTEST_PAYLOAD = 48;

/** Whether text has the form of armored age; whether a key opens it, only the key shows (age, "age-encryption.org/v1"). */
export function isAgeFile(text: string): boolean {
  const [, lines = ''] = ARMOR.exec(text.replaceAll('\r\n', '\n')) ?? [];
  const base64 = lines.replaceAll('\n', '');
  if (!ARMORED_LINES.test(lines) || base64.length % 4 !== 0) return false;
  const bytes = Buffer.from(base64, 'base64').toString('latin1');
  const [header] = HEADER.exec(bytes) ?? [];
  return header !== undefined && bytes.length - header.length >= SHORTEST_PAYLOAD;
}

/** An ES module, loaded on first use. */
const library = () => import('age-encryption');

/** @returns armored text */
export async function encryptToRecipients(bytes: Uint8Array, recipients: readonly string[]): Promise<string> {
  const { Encrypter, armor } = await library();
  const encrypter = new Encrypter();
  for (const recipient of recipients) addRecipient(encrypter, recipient);
  return armor.encode(await encrypter.encrypt(bytes));
}

function addRecipient(encrypter: { addRecipient(recipient: string): void }, recipient: string): void {
  try {
    encrypter.addRecipient(recipient);
  } catch (error) {
    throw new DozlabError(
      'invalid-secret',
      `${recipient} is not an age recipient: a character is wrong. Fix: use the public key that age-keygen prints`,
      { cause: error },
    );
  }
}

/**
 * @returns undefined if no identity opens it
 * @throws DozlabError with code `invalid-secret` if an identity is malformed
 */
export async function decryptWithIdentities(
  armored: string,
  identities: readonly string[],
): Promise<Uint8Array | undefined> {
  const { Decrypter, armor } = await library();
  const decrypter = new Decrypter();
  for (const identity of identities) {
    try {
      decrypter.addIdentity(identity);
    } catch {
      throw new DozlabError(
        'invalid-secret',
        'one of the age keys is wrong. Fix: use lines that start with AGE-SECRET-KEY-1, as age-keygen writes them',
      );
    }
  }
  try {
    return await decrypter.decrypt(armor.decode(armored));
  } catch {
    return undefined;
  }
}
