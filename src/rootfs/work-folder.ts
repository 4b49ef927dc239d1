import { mkdtempSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DozlabError } from '../core/errors';

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * For files of gigabytes, so on the disk of the output. Removes the folder afterwards, also at a signal.
 * @param output a file that will be written
 * @throws DozlabError with code `write-failed`
 */
export async function withWorkFolder<T>(output: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = makeFolder(dirname(resolve(output)));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const stops = Object.entries(SIGNALS).map(([signal, status]) => {
    const stop = (): void => {
      remove();
      process.exit(status);
    };
    process.on(signal, stop);
    return () => process.off(signal, stop);
  });
  try {
    return await work(folder);
  } catch (error) {
    throw writeError(error) ?? error;
  } finally {
    for (const off of stops) off();
    remove();
  }
}

function makeFolder(parent: string): string {
  try {
    return mkdtempSync(join(parent, '.dozlab-rootfs-'));
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new DozlabError('write-failed', `${parent} cannot be written (${code})`, { cause: error });
  }
}

const WRITE_ERRORS = ['ENOSPC', 'EDQUOT', 'EFBIG', 'EACCES', 'EROFS', 'EISDIR', 'EIO'];

function writeError(error: unknown): DozlabError | undefined {
  const { code = '', path = 'a temporary file' } = error as NodeJS.ErrnoException;
  if (error instanceof DozlabError || !WRITE_ERRORS.includes(code)) return undefined;
  return new DozlabError('write-failed', `${path} cannot be written (${code})`, { cause: error });
}
