import type { Path } from './path';

export type Tree = string | number | boolean | null | Tree[] | { [key: string]: Tree };

export type Mapping = Record<string, Tree>;

export const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Without a prototype, `__proto__` is a key like any other. */
const emptyMapping = (): Mapping => Object.create(null) as Mapping;

/** As Helm merges: mappings key by key, anything else as a whole. A null removes the key. */
export function mergeTrees(base: Mapping, over: Mapping): Mapping {
  const merged = emptyMapping();
  for (const [key, value] of Object.entries(base))
    if (!Object.hasOwn(over, key) || over[key] !== null) merged[key] = value;
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    if (isMapping(value)) merged[key] = mergeTrees(isMapping(below) ? below : emptyMapping(), value);
    else if (value !== null) merged[key] = value;
  }
  return merged;
}

export function mergeTreesKeepingNulls(base: Mapping, over: Mapping): Mapping {
  const merged = Object.assign(emptyMapping(), base);
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isMapping(value) ? mergeTreesKeepingNulls(isMapping(below) ? below : emptyMapping(), value) : value;
  }
  return merged;
}

export function at(tree: unknown, path: Path): unknown {
  let value = tree;
  for (const step of path) {
    if (Array.isArray(value)) value = value[Number(step)];
    else if (isMapping(value) && Object.hasOwn(value, step)) value = value[step];
    else return undefined;
  }
  return value;
}

export const listAt = (tree: unknown, path: Path): readonly unknown[] => {
  const value = at(tree, path);
  return Array.isArray(value) ? (value as unknown[]) : [];
};

export const leaves = (tree: Mapping, path: Path = []): (readonly [Path, Tree])[] =>
  Object.entries(tree).flatMap(([key, value]) => {
    const here = [...path, key];
    return isMapping(value) && Object.keys(value).length > 0 ? leaves(value, here) : [[here, value] as const];
  });
