import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of this package, of which `build/` holds the compiled program. */
export const PACKAGE_FOLDER = join(__dirname, '..', '..');

/** The version of this package. */
export function version(): string {
  const manifest = JSON.parse(readFileSync(join(PACKAGE_FOLDER, 'package.json'), 'utf8')) as { version: string };
  return manifest.version;
}
