import { fileURLToPath } from 'node:url';

/** The place of a file of this repository. */
export const path = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
