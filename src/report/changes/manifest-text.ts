import { parse } from 'yaml';
import { at, isMapping, type Path } from '@dozlab/charts/schema';
import type { Manifest } from '@dozlab/charts/yaml';

export interface ManifestText {
  readonly object: ObjectName;
  readonly text: string;
}

export interface ObjectName {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** Parses only objects in a foreign form, because parsing is slow. */
export const manifestsIn = (content: string): ManifestText[] =>
  content
    .split(/^---\n/m)
    .map((text) => text.replace(/^#.*\n/gm, ''))
    .filter((text) => text.trim() !== '')
    .map((text) => ({ object: nameIn(text), text }));

/** Dozlab writes metadata before the rest, with name and namespace first. */
const OURS = /^apiVersion: \S+\nkind: (\S+)\nmetadata:\n {2}name: (\S+)\n(?: {2}namespace: (\S+)\n)?/;

function nameIn(text: string): ObjectName {
  const [, kind, name, namespace] = OURS.exec(text) ?? [];
  if (kind === undefined || name === undefined) return nameOf(parseManifest(text));
  return { kind, name: unquoted(name), ...(namespace === undefined ? {} : { namespace: unquoted(namespace) }) };
}

function nameOf(object: unknown): ObjectName {
  const namespace = at(object, ['metadata', 'namespace']);
  return {
    kind: textAt(object, ['kind']),
    name: textAt(object, ['metadata', 'name']),
    ...(typeof namespace === 'string' ? { namespace } : {}),
  };
}

const unquoted = (text: string): string => (text.startsWith('"') ? (JSON.parse(text) as string) : text);

export function parseManifest(text: string): Manifest | undefined {
  try {
    return parse(text, { prettyErrors: false, uniqueKeys: false }) as Manifest;
  } catch {
    return undefined;
  }
}

export const textAt = (tree: unknown, path: Path): string => {
  const value = at(tree, path);
  return typeof value === 'string' ? value : '';
};

export type Annotations = Readonly<Record<string, string>>;

export function annotationsOf(manifest: Manifest): Annotations {
  const annotations = at(manifest, ['metadata', 'annotations']);
  if (!isMapping(annotations)) return {};
  return Object.fromEntries(Object.keys(annotations).map((key) => [key, textAt(annotations, [key])]));
}

export const objectText = ({ kind, name, namespace }: ObjectName): string =>
  `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
