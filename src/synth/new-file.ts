import { closeSync, constants, fstatSync, openSync, writeFileSync } from 'node:fs';
import { stampOf, type Stamp } from '../cache/file-stamp';

/** A file that certainly holds what was written. */
export interface StampedFile {
  /** As long as it has this stamp. */
  readonly stamp: Stamp;
  /** The id that Git has for it, if that was looked for. */
  readonly id?: string | undefined;
}

const WRITING = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;

/** Writes a file where there is none. */
export function writeNewFile(path: string, content: string): StampedFile {
  const file = openSync(path, WRITING, 0o666);
  try {
    writeFileSync(file, content);
    return { stamp: stampOf(fstatSync(file)) };
  } finally {
    closeSync(file);
  }
}
