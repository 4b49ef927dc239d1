import { isMapping, type Mapping, type Path, type Tree } from '@dozlab/charts/schema';

/** The places of all nulls in a tree, but for those in lists. */
export function nulls(tree: Tree, path: Path = []): Path[] {
  if (tree === null) return [path];
  return isMapping(tree) ? Object.entries(tree).flatMap(([key, child]) => nulls(child, [...path, key])) : [];
}

const OPEN_MAPS = ['labels', 'podLabels', 'annotations', 'nodeSelector', 'limits', 'requests'];

/** Whether a place is an entry of a map with keys of the user's own. */
export const isInOpenMap = (path: Path): boolean => path.length > 1 && OPEN_MAPS.includes(String(path.at(-2)));

/** A tree without the nulls outside open maps: there a null says no more than that an outer value is taken back. */
export function withoutNulls(tree: Mapping, path: Path = []): Mapping {
  const entries = Object.entries(tree).flatMap(([key, value]): [string, Tree][] => {
    const here = [...path, key];
    if (value === null) return isInOpenMap(here) ? [[key, value]] : [];
    return [[key, isMapping(value) ? withoutNulls(value, here) : value]];
  });
  return Object.fromEntries(entries);
}
