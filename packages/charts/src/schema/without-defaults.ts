import { isDeepStrictEqual } from 'node:util';
import { isMapping, type Mapping, type Tree } from './tree';

/** A tree without what is as the defaults have it: over these, it comes to the same. */
export function withoutDefaults(tree: Mapping, defaults: Mapping): Mapping {
  const kept = Object.entries(tree).flatMap(([key, value]): [string, Tree][] => {
    const given = Object.hasOwn(defaults, key) ? defaults[key] : undefined;
    if (given === undefined) return [[key, value]];
    if (!isMapping(value) || !isMapping(given)) return isDeepStrictEqual(value, given) ? [] : [[key, value]];
    const inner = withoutDefaults(value, given);
    return Object.keys(inner).length === 0 ? [] : [[key, inner]];
  });
  return Object.fromEntries(kept);
}
