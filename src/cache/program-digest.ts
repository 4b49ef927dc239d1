/** `scripts/build` replaces this module. */
export const PROGRAM_DIGEST = 'sources';
