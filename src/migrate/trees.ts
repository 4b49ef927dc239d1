import { isDeepStrictEqual } from 'node:util';
import { isMapping, type Mapping, type Path, type Tree } from '@dozlab/charts/schema';
import { isSameQuantity } from './same-quantity';

/** What several trees have in common. */
export function common([first = {}, ...others]: readonly Mapping[]): Mapping {
  const entries = Object.entries(first).flatMap(([key, value]): [string, Tree][] => {
    const values = others.map((other) => (Object.hasOwn(other, key) ? other[key] : undefined));
    if (values.every((other) => isDeepStrictEqual(other, value))) return [[key, value]];
    if (!isMapping(value) || !values.every(isMapping)) return [];
    const inner = common([value, ...values]);
    return Object.keys(inner).length === 0 ? [] : [[key, inner]];
  });
  return Object.fromEntries(entries);
}

/** What must be set over values so that they come to those that are wanted. A null takes away what is there. */
export function overrides(wanted: Mapping, below: Mapping, path: Path = []): Mapping {
  const entries = Object.entries(wanted).flatMap(([key, value]): [string, Tree][] => {
    const given = Object.hasOwn(below, key) ? below[key] : undefined;
    if (value === null) return given === undefined ? [] : [[key, null]];
    if (isMapping(value)) {
      const inner = overrides(value, isMapping(given) ? given : {}, [...path, key]);
      return Object.keys(inner).length === 0 ? [] : [[key, inner]];
    }
    const isSame =
      isDeepStrictEqual(value, given) ||
      (['resources', 'volumes'].some((step) => path.includes(step)) && isSameQuantity(value, given));
    return isSame ? [] : [[key, value]];
  });
  return Object.fromEntries(entries);
}

/** The parts of a tree whose first keys are among those given, or (`among: false`) are not. */
export const picked = (tree: Mapping, keys: readonly string[], among = true): Mapping =>
  Object.fromEntries(Object.entries(tree).filter(([key]) => keys.includes(key) === among));
