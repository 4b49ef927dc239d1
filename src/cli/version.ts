import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const above = (levels: number): string => join(__dirname, ...Array<string>(levels).fill('..'));

/** The folder of this package: this file is compiled to `build/src/cli/`, and tests run it in `src/cli/`. */
export const PACKAGE_FOLDER = existsSync(join(above(2), 'package.json')) ? above(2) : above(3);

/** The version of this package. */
export function version(): string {
  const manifest = JSON.parse(readFileSync(join(PACKAGE_FOLDER, 'package.json'), 'utf8')) as { version: string };
  return manifest.version;
}
