import { createReadStream } from 'node:fs';
import { DozlabError } from '../core/errors';
import { decoded } from './read-bytes';

const LARGEST_FILE = 16 * 1024 * 1024;

/**
 * Reads a text from a file, or (`-`) from standard input.
 * @throws DozlabError with code `invalid-values` when it cannot be read, is too large, or is not text
 */
export async function readText(path: string): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of path === '-' ? process.stdin : createReadStream(path)) {
      chunks.push(chunk as Buffer);
      length += (chunk as Buffer).length;
      if (length > LARGEST_FILE) break;
    }
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new DozlabError('invalid-values', `${path} cannot be read (${code})`, { cause: error });
  }
  if (length > LARGEST_FILE) throw new DozlabError('invalid-values', `${path} is too large; accepted: at most 16 MiB`);
  return decoded(path, Buffer.concat(chunks));
}
