import { DozlabError } from '../core/errors';

/** age, by the library that its author keeps. It is an ES module, which is loaded when it is needed. */
const library = () => import('age-encryption');

/** Encrypts bytes to recipients (`age1…`), and gives them in armor. */
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
      `${recipient} is not an age recipient: a character of it is wrong; accepted: what age-keygen prints as the public key`,
      { cause: error },
    );
  }
}

/**
 * Decrypts what is in armor with the first identity (`AGE-SECRET-KEY-1…`) that opens it; undefined when none does.
 * @throws DozlabError with code `invalid-secret` when an identity is none
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
        'one of the age keys is not a key: a character of it is wrong; accepted: lines that begin with AGE-SECRET-KEY-1, as age-keygen makes them',
      );
    }
  }
  try {
    return await decrypter.decrypt(armor.decode(armored));
  } catch {
    return undefined;
  }
}
