/** A digest of the sources of this build; `scripts/build` replaces this module. */
export const PROGRAM_DIGEST = 'sources';
