import { createReadStream, openSync, readSync } from 'node:fs';
import { DozlabError } from '../core/errors';

const MEBIBYTE = 1024 * 1024;

/**
 * Stops soon after the limit, as the input may be endless. `-` is standard input.
 * @param most limit in MiB
 * @throws DozlabError with code `invalid-values` if it cannot be read or is too large
 */
export function readBytes(path: string, most: number): Buffer {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    const file = path === '-' ? 0 : openSync(path, 'r');
    for (let read = -1; read !== 0 && length <= most * MEBIBYTE; length += read) {
      const chunk = Buffer.alloc(64 * 1024);
      read = readSync(file, chunk, 0, chunk.length, null);
      chunks.push(chunk.subarray(0, read));
    }
  } catch (error) {
    throw unreadable(path, error);
  }
  return bounded(path, chunks, most);
}

/** Like `readBytes`. @throws DozlabError with code `invalid-values` also if the file is not UTF-8 */
export const readText = (path: string, most: number): string => decoded(path, readBytes(path, most));

/** Like `readText`, but waits for slow writers. */
export async function readPipedText(path: string, most: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of path === '-' ? process.stdin : createReadStream(path)) {
      chunks.push(chunk as Buffer);
      length += (chunk as Buffer).length;
      if (length > most * MEBIBYTE) break;
    }
  } catch (error) {
    throw unreadable(path, error);
  }
  return decoded(path, bounded(path, chunks, most));
}

const unreadable = (path: string, error: unknown): DozlabError => {
  const { code = 'unknown error' } = error as NodeJS.ErrnoException;
  return new DozlabError('invalid-values', `${path} cannot be read (${code})`, { cause: error });
};

function bounded(path: string, chunks: readonly Buffer[], most: number): Buffer {
  const bytes = Buffer.concat(chunks);
  if (bytes.length > most * MEBIBYTE)
    throw new DozlabError('invalid-values', `${path} is too large; accepted: at most ${String(most)} MiB`);
  return bytes;
}

function decoded(path: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new DozlabError('invalid-values', `${path} is not text in UTF-8`, { cause: error });
  }
}
