import { createHash } from 'node:crypto';

/** Ids of SHA-256 are this long, those of SHA-1 shorter. */
const LONG_ID = 64;

/** Length of the ids that most repositories have. */
export const ID_LENGTH = 40;

/** The id that Git has for a text, or for the bytes of one (Git, "Git Internals", Git Objects). */
export function blobId(text: string | Uint8Array, length = ID_LENGTH): string {
  const hash = createHash(length === LONG_ID ? 'sha256' : 'sha1');
  return hash
    .update(`blob ${String(Buffer.byteLength(text))}\0`)
    .update(text)
    .digest('hex');
}
