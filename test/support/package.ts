import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from './cli';
import { temporaryFolder } from './project';

/** What package.json says of the package. */
export const manifest = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')) as {
  readonly version: string;
  readonly files: readonly string[];
};

/** A new folder with what is in the package, without the libraries that npm would put beside it. */
export function unpackedPackage(): string {
  const folder = temporaryFolder();
  const without = manifest.files.filter((name) => name.startsWith('!')).map((name) => join(REPOSITORY, name.slice(1)));
  for (const name of ['package.json', ...manifest.files.filter((file) => !file.startsWith('!'))])
    cpSync(join(REPOSITORY, name), join(folder, name), {
      recursive: true,
      filter: (source) => !without.includes(source),
    });
  return folder;
}
