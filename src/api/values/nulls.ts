import { isMapping, type Mapping, type Path, type Tree } from '@dozlab/charts/schema';

/** Paths of all nulls in a tree, except in lists. */
export function nulls(tree: Tree, path: Path = []): Path[] {
  if (tree === null) return [path];
  return isMapping(tree) ? Object.entries(tree).flatMap(([key, child]) => nulls(child, [...path, key])) : [];
}

const OPEN_MAPS = ['labels', 'podLabels', 'annotations', 'nodeSelector', 'limits', 'requests'];

/** Whether a path is an entry of a map whose keys the user chooses. */
export const isInOpenMap = (path: Path): boolean => path.length > 1 && OPEN_MAPS.includes(String(path.at(-2)));

/** A tree without nulls, except in open maps. A null removes an inherited value. */
export function withoutNulls(tree: Mapping, path: Path = []): Mapping {
  const entries = Object.entries(tree).flatMap(([key, value]): [string, Tree][] => {
    const here = [...path, key];
    if (value === null) return isInOpenMap(here) ? [[key, value]] : [];
    return [[key, isMapping(value) ? withoutNulls(value, here) : value]];
  });
  return Object.fromEntries(entries);
}
