import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of this package, somewhere above this file or above the program that this file is part of. */
export const PACKAGE_FOLDER = folderWith('package.json', __dirname);

function folderWith(name: string, folder: string): string {
  const above = dirname(folder);
  return above === folder || existsSync(join(folder, name)) ? folder : folderWith(name, above);
}

/** The version of this package. */
export function version(): string {
  const manifest = JSON.parse(readFileSync(join(PACKAGE_FOLDER, 'package.json'), 'utf8')) as { version: string };
  return manifest.version;
}
