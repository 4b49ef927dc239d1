import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs';
import { stampOf, type Stamp } from '../cache/file-stamp';

/** A file that certainly holds what was written. */
export interface StampedFile {
  /** As long as it has this stamp. */
  readonly stamp: Stamp;
  /** The id that Git has for it, if that was looked for. */
  readonly id?: string | undefined;
}

const WRITING = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;

/** For the bytes of one file after the other: memory for each takes longer than writing it. */
const room = Buffer.allocUnsafeSlow(256 * 1024);

/** Most bytes that a character of a string takes in UTF-8. */
const MOST_BYTES = 3;

/**
 * Writes a file where there is none.
 * @param idOf gives the id that Git has for its bytes
 */
export function writeNewFile(
  path: string,
  content: string,
  idOf?: (bytes: Uint8Array) => string | undefined,
): StampedFile {
  const bytes =
    content.length * MOST_BYTES > room.length ? Buffer.from(content) : room.subarray(0, room.write(content));
  const file = openSync(path, WRITING, 0o666);
  try {
    for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
    return { stamp: stampOf(fstatSync(file)), id: idOf?.(bytes) };
  } finally {
    closeSync(file);
  }
}
