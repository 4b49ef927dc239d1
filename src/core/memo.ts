/**
 * Gives what was made of the same before, or makes it.
 * @param name of what is made
 * @param of what it is made of: plain data
 * @param make gives plain data
 */
export type Remember = <T>(name: string, of: unknown, make: () => T) => T;

/** Remembers nothing. */
export const anew: Remember = (_name, _of, make) => make();
