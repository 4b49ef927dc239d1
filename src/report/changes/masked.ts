import type { Manifest } from '@dozlab/charts/yaml';
import { isMapping, type Path, pathText } from '@dozlab/charts/schema';
import { CONTRACT } from '../../api/rules/containers';
import { textAt } from './pod';
import { isSecretOption, isSecretText } from './secret-text';

/** Variables that we set ourselves, but for the password. All others are somebody's own, and may hold secrets. */
const OWN_VARIABLES = new Set(
  Object.values(CONTRACT)
    .flat()
    .filter((name) => name !== 'PASSWORD'),
);

/** Kinds of which only the names are shown. */
const SECRET_KINDS = ['Secret', 'SealedSecret'];

export const NOT_SHOWN = '(not shown)';
export const NOT_SHOWN_EITHER = '(not shown, another one)';

/** What stands for a hidden text at a place: a path in which items of lists go by their names. */
type Stand = (place: string, value: string) => string;

/**
 * An object before and after a change, without what may be secret; what differs is told apart.
 * Of Secrets nothing is left but what they are called.
 */
export function masked(
  before: Manifest | undefined,
  after: Manifest | undefined,
): readonly [Manifest | undefined, Manifest | undefined] {
  const hidden = new Map<string, string>();
  const first: Stand = (place, value) => {
    hidden.set(place, value);
    return NOT_SHOWN;
  };
  const second: Stand = (place, value) => ((hidden.get(place) ?? value) === value ? NOT_SHOWN : NOT_SHOWN_EITHER);
  return [
    before === undefined ? undefined : mask(before, first),
    after === undefined ? undefined : mask(after, second),
  ];
}

function mask(manifest: Manifest, stand: Stand): Manifest {
  if (!SECRET_KINDS.includes(manifest.kind)) return maskTree(manifest, [], [], stand) as Manifest;
  const { apiVersion, kind, metadata } = manifest;
  const { name, namespace } = metadata;
  const content = stand('', JSON.stringify(manifest));
  return { apiVersion, kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) }, content };
}

/** @param place the path, in which items of lists go by their names */
function maskTree(tree: unknown, path: Path, place: Path, stand: Stand): unknown {
  if (Array.isArray(tree))
    return tree.map((item: unknown, index) => {
      const to = [...place, textAt(item, ['name']) || index];
      const isSecret = isScalar(item) && isSecretOption(tree[index - 1]);
      return isSecret ? stand(pathText(to), String(item)) : maskTree(item, [...path, index], to, stand);
    });
  if (isMapping(tree)) {
    const hidden = hiddenKeys(tree, path);
    return Object.fromEntries(
      Object.entries(tree).map(([key, child]) => {
        const to = [...place, key];
        return [
          key,
          hidden.includes(key)
            ? stand(pathText(to), JSON.stringify(child))
            : maskTree(child, [...path, key], to, stand),
        ];
      }),
    );
  }
  return isScalar(tree) && isSecretText(path, tree) ? stand(pathText(place), String(tree)) : tree;
}

/** What could be a password; true and false are none. */
const isScalar = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number';

/** Keys of which nothing is shown, as of the values of variables, and of a Secret that stands within another object. */
function hiddenKeys(tree: Readonly<Record<string, unknown>>, path: Path): readonly string[] {
  if (SECRET_KINDS.includes(textAt(tree, ['kind']))) return ['data', 'stringData'];
  if (path.at(-1) === 'env') return Object.keys(tree);
  return isVariable(path) && !OWN_VARIABLES.has(textAt(tree, ['name'])) ? ['value'] : [];
}

/** Whether a path is that of an item of a container's environment. */
const isVariable = (path: Path): boolean => path.at(-2) === 'env' && typeof path.at(-1) === 'number';
