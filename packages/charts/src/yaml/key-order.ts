/** The keys that a reader looks for first; all others follow by name. */
const FIRST_KEYS = ['apiVersion', 'kind', 'metadata', 'name', 'namespace', 'image', 'key', 'type'];

const RANKS: ReadonlyMap<string, number> = new Map(FIRST_KEYS.map((key, index) => [key, index]));

const rank = (key: string): number => RANKS.get(key) ?? FIRST_KEYS.length;

/** The order of keys: those that a reader looks for first, then all others by name. */
export const byRank = (one: string, other: string): number =>
  rank(one) - rank(other) || (one < other ? -1 : one > other ? 1 : 0);
