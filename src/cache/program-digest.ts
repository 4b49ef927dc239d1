/** Tells one build of the program from another; `scripts/bundle.mjs` puts another module in the place of this one. */
export const PROGRAM_DIGEST = 'sources';
