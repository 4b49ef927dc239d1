import { createHash } from 'node:crypto';

const SHA256_LENGTH = 64;

/** SHA-1. */
export const ID_LENGTH = 40;

/**
 * Pro Git, "Git Objects".
 * @param length hexadecimal digits: 40 for SHA-1, 64 for SHA-256
 */
export function blobId(text: string | Uint8Array, length = ID_LENGTH): string {
  const hash = createHash(length === SHA256_LENGTH ? 'sha256' : 'sha1');
  return hash
    .update(`blob ${String(Buffer.byteLength(text))}\0`)
    .update(text)
    .digest('hex');
}
