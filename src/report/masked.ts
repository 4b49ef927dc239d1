import type { Manifest } from '../render/yaml';
import { isHidden } from '../schema/shown';
import { isMapping, pathText, type Path } from '../schema/tree';
import { CONTRACT } from '../values/rules/containers';
import { textAt } from './pod';

/** Programs and expressions of our own, in which signs stand that addresses with credentials have too. */
const OWN_PROGRAMS = ['command', 'expression', 'messageExpression', 'readyExpr'];

/** Kinds of which only the names are shown. */
const SECRET_KINDS = ['Secret', 'SealedSecret'];

const IS_SECRET = /pass(word|wd|phrase)?$|secret|token|credential|api-?key|private-?key|authorization/i;

/** Variables that we set ourselves: nothing secret is in them. All others are somebody's own. */
const OWN_VARIABLES = new Set(
  Object.values(CONTRACT)
    .flat()
    .filter((name) => !IS_SECRET.test(name)),
);

/** Keys that name where a secret is. */
const IS_REFERENCE =
  /^(tlsSecretName|secretName|existingSecret|existingSecretKey|imagePullSecrets|secretKeyRef|secretRef|decryptionSecret|secretStoreRef|name|key|kind|namespace)$/;

/** Whether the text at a path is not to be shown to reviewers: it stands where secrets are, or looks like one. */
export function isSecretText(path: Path, value: unknown): boolean {
  const key = path.findLast((step) => typeof step === 'string') ?? '';
  if (OWN_PROGRAMS.includes(key)) return false;
  return (IS_SECRET.test(key) && !IS_REFERENCE.test(key)) || isHidden(path, value) || isCredential(value);
}

/** What an HTTP header with credentials looks like. */
const isCredential = (value: unknown): boolean =>
  typeof value === 'string' && /\b(authorization|bearer|basic)\b\s*[:"' ]\s*\S/i.test(value);

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
    return tree.map((item: unknown, index) =>
      maskTree(item, [...path, index], [...place, textAt(item, ['name']) || index], stand),
    );
  if (isMapping(tree)) {
    const isForeign = isVariable(path) && !OWN_VARIABLES.has(textAt(tree, ['name']));
    return Object.fromEntries(
      Object.entries(tree).map(([key, child]) => [
        key,
        isForeign && key === 'value' && typeof child === 'string'
          ? stand(pathText([...place, key]), child)
          : maskTree(child, [...path, key], [...place, key], stand),
      ]),
    );
  }
  if (typeof tree !== 'string') return tree;
  return isSecretText(path, tree) ? stand(pathText(place), tree) : tree;
}

/** Whether a path is that of an item of a container's environment. */
const isVariable = (path: Path): boolean => path.at(-2) === 'env' && typeof path.at(-1) === 'number';
