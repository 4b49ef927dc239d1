import { isMapping, type Mapping, type Path, type Tree } from '@dozlab/charts/schema';

export function nulls(tree: Tree, path: Path = []): Path[] {
  if (tree === null) return [path];
  return isMapping(tree) ? Object.entries(tree).flatMap(([key, child]) => nulls(child, [...path, key])) : [];
}

const OPEN_MAPS = ['labels', 'podLabels', 'annotations', 'nodeSelector', 'limits', 'requests'];

/** Users choose the keys of open maps. */
export const isInOpenMap = (path: Path): boolean => path.length > 1 && OPEN_MAPS.includes(String(path.at(-2)));

/** Keeps nulls in open maps. */
export function withoutNulls(tree: Mapping, path: Path = []): Mapping {
  const entries = Object.entries(tree).flatMap(([key, value]): [string, Tree][] => {
    const here = [...path, key];
    if (value === null) return isInOpenMap(here) ? [[key, value]] : [];
    return [[key, isMapping(value) ? withoutNulls(value, here) : value]];
  });
  return Object.fromEntries(entries);
}
