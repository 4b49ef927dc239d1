/** Standard input by name, where it is one of several files. */
export const STANDARD_INPUT = '/dev/stdin';
