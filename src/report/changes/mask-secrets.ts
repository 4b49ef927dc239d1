import type { Manifest } from '@dozlab/charts/yaml';
import { isMapping, type Path, pathText } from '@dozlab/charts/schema';
import { CONTRACT } from '../../api/rules/containers';
import { isHidden, maskSecret } from '../../core/redact';
import { NOT_SHOWN } from '../../core/secret-forms';
import { PROVIDERS } from '../../secrets/providers';
import type { Documents } from '../../source/document';
import type { YamlFile } from '../../source/yaml';
import { textAt } from './manifest-text';

export const NOT_SHOWN_CHANGED = '(not shown, changed)';

/** Dozlab's own variables, except the password. All others belong to users and may hold secrets. */
const OWN_VARIABLES = new Set(
  Object.values(CONTRACT)
    .flat()
    .filter((name) => name !== 'PASSWORD'),
);

const SECRET_KINDS = ['Secret', ...PROVIDERS.flatMap(({ file }) => file?.kind ?? [])];

type Mask = (place: string, value: string) => string;

/** Marks a hidden value that changes. */
export function maskChange(
  before: Manifest | undefined,
  after: Manifest | undefined,
): readonly [Manifest | undefined, Manifest | undefined] {
  const hidden = new Map<string, string>();
  const first: Mask = (place, value) => {
    hidden.set(place, value);
    return NOT_SHOWN;
  };
  const second: Mask = (place, value) => ((hidden.get(place) ?? value) === value ? NOT_SHOWN : NOT_SHOWN_CHANGED);
  return [
    before === undefined ? undefined : maskManifest(before, first),
    after === undefined ? undefined : maskManifest(after, second),
  ];
}

function maskManifest(manifest: Manifest, mask: Mask): Manifest {
  if (!SECRET_KINDS.includes(manifest.kind)) return maskTree(manifest, [], [], mask) as Manifest;
  const { apiVersion, kind, metadata } = manifest;
  const { name, namespace } = metadata;
  const content = mask('', JSON.stringify(manifest));
  return { apiVersion, kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) }, content };
}

/** @param place the path, with names for list items */
function maskTree(tree: unknown, path: Path, place: Path, mask: Mask): unknown {
  if (Array.isArray(tree))
    return tree.map((item: unknown, index) => {
      const to = [...place, textAt(item, ['name']) || index];
      const isSecret = isScalar(item) && isSecretOption(tree[index - 1]);
      return isSecret ? mask(pathText(to), String(item)) : maskTree(item, [...path, index], to, mask);
    });
  if (isMapping(tree)) {
    const hidden = hiddenKeys(tree, path);
    return Object.fromEntries(
      Object.entries(tree).map(([key, child]) => {
        const to = [...place, key];
        return [
          key,
          hidden.includes(key) ? mask(pathText(to), JSON.stringify(child)) : maskTree(child, [...path, key], to, mask),
        ];
      }),
    );
  }
  return isScalar(tree) && isHidden(path, tree) ? mask(pathText(place), String(tree)) : tree;
}

const isScalar = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number';

/** Hides the data of a Secret inside another object, and the values of variables. */
function hiddenKeys(tree: Readonly<Record<string, unknown>>, path: Path): readonly string[] {
  if (SECRET_KINDS.includes(textAt(tree, ['kind']))) return ['data', 'stringData'];
  if (path.at(-1) === 'env') return Object.keys(tree);
  return isVariable(path) && !OWN_VARIABLES.has(textAt(tree, ['name'])) ? ['value'] : [];
}

const isVariable = (path: Path): boolean => path.at(-2) === 'env' && typeof path.at(-1) === 'number';

/** The next argument is the secret. */
const isSecretOption = (argument: unknown): boolean =>
  typeof argument === 'string' && /^--?[\w-]*(pass(word|wd|phrase)?|secret|token|api[-_]?key)$/i.test(argument);

const PASSWORD = /^(password|passwd|passphrase|hashed-?password)$/i;

const registered = new WeakSet<YamlFile>();

export function registerSecrets({ project, labs, cohorts }: Documents): void {
  const sessions = cohorts.flatMap((cohort) => cohort.sessions);
  for (const { file } of [project, ...labs, ...cohorts, ...sessions]) registerFile(file);
}

function registerFile(file: YamlFile | undefined): void {
  if (file === undefined || registered.has(file)) return;
  registered.add(file);
  registerTree(file.content);
}

function registerTree(tree: unknown): void {
  if (Array.isArray(tree)) tree.forEach(registerTree);
  if (!isMapping(tree)) return;
  if (tree['kind'] === 'Secret') for (const part of [tree['data'], tree['stringData']]) registerData(part);
  for (const [key, value] of Object.entries(tree)) {
    if (PASSWORD.test(key) && typeof value === 'string') maskSecret(value);
    else registerTree(value);
  }
}

function registerData(data: unknown): void {
  if (!isMapping(data)) return;
  for (const value of Object.values(data)) {
    if (typeof value !== 'string') continue;
    maskSecret(value);
    const decoded = Buffer.from(value, 'base64').toString('utf8');
    if (Buffer.from(decoded).toString('base64') === value) maskSecret(decoded);
  }
}
