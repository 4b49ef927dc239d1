/** A value as YAML and JSON have it. */
export type Tree = string | number | boolean | null | Tree[] | { [key: string]: Tree };

export type Mapping = Record<string, Tree>;

export type Path = readonly (string | number)[];

export const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An empty mapping whose keys are nothing but keys, `__proto__` among them. */
const emptyMapping = (): Mapping => Object.create(null) as Mapping;

/**
 * One tree over another, as Helm merges values: mappings key by key, anything else as a whole. A null takes the key away.
 * Neither argument is changed.
 */
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

/** The same, but that a null stays, so that it can take away what yet another tree has. */
export function mergeTreesKeepingNulls(base: Mapping, over: Mapping): Mapping {
  const merged = Object.assign(emptyMapping(), base);
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isMapping(value) ? mergeTreesKeepingNulls(isMapping(below) ? below : emptyMapping(), value) : value;
  }
  return merged;
}

/** The value at a path, or undefined. */
export function at(tree: unknown, path: Path): unknown {
  let value = tree;
  for (const step of path) {
    if (Array.isArray(value)) value = value[Number(step)];
    else if (isMapping(value) && Object.hasOwn(value, step)) value = value[step];
    else return undefined;
  }
  return value;
}

/** A path as people write it: `tolerations[0].key`, `labels["app.kubernetes.io/name"]`. */
export const pathText = (path: Path): string =>
  path
    .map((step, index) => {
      if (typeof step === 'number') return `[${String(step)}]`;
      if (!/^[A-Za-z_][\w-]*$/.test(step)) return `[${JSON.stringify(step)}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join('');

/** The list at a path; an empty one when there is none. */
export const listAt = (tree: unknown, path: Path): readonly unknown[] => {
  const value = at(tree, path);
  return Array.isArray(value) ? (value as unknown[]) : [];
};

/** The values at the ends of a tree of mappings with their paths. Lists and empty mappings count as a whole. */
export const leaves = (tree: Mapping, path: Path = []): (readonly [Path, Tree])[] =>
  Object.entries(tree).flatMap(([key, value]) => {
    const here = [...path, key];
    return isMapping(value) && Object.keys(value).length > 0 ? leaves(value, here) : [[here, value] as const];
  });
