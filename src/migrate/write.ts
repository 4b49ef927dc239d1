import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DozlabError } from '../core/errors';
import { writeFileIn } from '../core/replace-file';
import type { OutputFile } from '@dozlab/charts';

/**
 * Writes new files into a project: all of them, or none.
 * @throws DozlabError with code `project-exists` when one has come to be there, `unsafe-path` and `write-failed`
 */
export function writeMigration(folder: string, files: readonly OutputFile[]): void {
  const written: string[] = [];
  try {
    for (const file of files) {
      if (existsSync(join(folder, file.path)))
        throw new DozlabError('project-exists', `${file.path} has come to be there: nothing was written`);
      writeFileIn(folder, file.path, file.content);
      written.push(file.path);
    }
  } catch (error) {
    for (const path of written) rmSync(join(folder, path), { force: true });
    if (error instanceof DozlabError) throw error;
    const { code = 'unknown error', path = folder } = error as NodeJS.ErrnoException;
    throw new DozlabError('write-failed', `the files cannot be written: ${path} (${code}); none is there`, {
      cause: error,
    });
  }
}
