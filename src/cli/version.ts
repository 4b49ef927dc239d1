import { join } from 'node:path';

export { version as VERSION } from '../../package.json';

/** The folder of this package: two levels above this file, and above the bundles that this file is part of. */
export const PACKAGE_FOLDER = join(__dirname, '..', '..');
