import { DozlabError } from '../core/errors';

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
