import { openSync, readSync } from 'node:fs';
import { DozlabError } from '../errors';
import { readRoster, type Roster } from '../project/roster';

const LARGEST_FILE = 16 * 1024 * 1024;

/**
 * Reads a roster from a file, or (`-`) from standard input.
 * @throws DozlabError with code `invalid-values` when it cannot be read at all
 */
export function readRosterFile(path: string): Roster {
  let bytes: Buffer;
  try {
    bytes = firstBytes(path === '-' ? 0 : openSync(path, 'r'));
  } catch (error) {
    throw new DozlabError(
      'invalid-values',
      `${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`,
      { cause: error },
    );
  }
  if (bytes.length > LARGEST_FILE)
    throw new DozlabError('invalid-values', `${path} is too large; accepted: at most 16 MiB`);
  return readRoster(path, bytes);
}

/** What a file holds, but no more than one byte over what is accepted: it may be endless. */
function firstBytes(file: number): Buffer {
  const chunks: Buffer[] = [];
  let length = 0;
  for (;;) {
    const chunk = Buffer.alloc(64 * 1024);
    const read = readSync(file, chunk, 0, chunk.length, null);
    chunks.push(chunk.subarray(0, read));
    length += read;
    if (read === 0 || length > LARGEST_FILE) return Buffer.concat(chunks);
  }
}
