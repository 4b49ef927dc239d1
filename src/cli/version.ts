import { join } from 'node:path';

export { version as VERSION } from '../../package.json';

/** Two levels above this file, and above the bundles that contain it. */
export const PACKAGE_FOLDER = join(__dirname, '..', '..');
