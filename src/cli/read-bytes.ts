import { openSync, readSync } from 'node:fs';
import { DozlabError } from '../core/errors';

/**
 * What a file holds, or (`-`) standard input.
 * @param most how many MiB it may hold; no more than that is read, as it may be endless
 * @throws DozlabError with code `invalid-values` when it cannot be read, or is larger
 */
export function readBytes(path: string, most: number): Buffer {
  const largest = most * 1024 * 1024;
  let bytes: Buffer;
  try {
    bytes = firstBytes(path === '-' ? 0 : openSync(path, 'r'), largest);
  } catch (error) {
    throw new DozlabError(
      'invalid-values',
      `${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`,
      { cause: error },
    );
  }
  if (bytes.length > largest)
    throw new DozlabError('invalid-values', `${path} is too large; accepted: at most ${String(most)} MiB`);
  return bytes;
}

/**
 * The same, as text.
 * @throws DozlabError with code `invalid-values` also when it is none
 */
export const readUtf8 = (path: string, most: number): string => decoded(path, readBytes(path, most));

/** @throws DozlabError with code `invalid-values` when it is no text */
export function decoded(path: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new DozlabError('invalid-values', `${path} is not text in UTF-8`, { cause: error });
  }
}

/** What a file holds, but little more than what is accepted. */
function firstBytes(file: number, largest: number): Buffer {
  const chunks: Buffer[] = [];
  let length = 0;
  for (;;) {
    const chunk = Buffer.alloc(64 * 1024);
    const read = readSync(file, chunk, 0, chunk.length, null);
    chunks.push(chunk.subarray(0, read));
    length += read;
    if (read === 0 || length > largest) return Buffer.concat(chunks);
  }
}
