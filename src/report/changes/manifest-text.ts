import { parse } from 'yaml';
import { at } from '@dozlab/charts/schema';
import type { Manifest } from '@dozlab/charts/yaml';

/** An object in a file of the output. */
export interface ManifestText {
  /** Kind, namespace and name: what the object is called in the cluster. */
  readonly object: ObjectName;
  readonly text: string;
}

export interface ObjectName {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** The objects of a file, by what stands in the lines that say what they are. */
export const manifestsIn = (content: string): ManifestText[] =>
  content
    .split(/^---\n/m)
    .map((text) => text.replace(/^#.*\n/gm, ''))
    .filter((text) => text.trim() !== '')
    .map((text) => ({ object: nameIn(text), text }));

/** The first lines of what we write: metadata before the rest, with name and namespace first. */
const OURS = /^apiVersion: \S+\nkind: (\S+)\nmetadata:\n {2}name: (\S+)\n(?: {2}namespace: (\S+)\n)?/;

function nameIn(text: string): ObjectName {
  const [, kind, name, namespace] = OURS.exec(text) ?? [];
  if (kind === undefined || name === undefined) return nameOf(parsed(text));
  return { kind, name: unquoted(name), ...(namespace === undefined ? {} : { namespace: unquoted(namespace) }) };
}

function nameOf(object: unknown): ObjectName {
  const text = (path: readonly string[]): string | undefined => {
    const value = at(object, path);
    return typeof value === 'string' ? value : undefined;
  };
  const namespace = text(['metadata', 'namespace']);
  return {
    kind: text(['kind']) ?? '',
    name: text(['metadata', 'name']) ?? '',
    ...(namespace === undefined ? {} : { namespace }),
  };
}

const unquoted = (text: string): string => (text.startsWith('"') ? (JSON.parse(text) as string) : text);

/** An object as data; undefined when the text is not YAML. */
export function parsed(text: string): Manifest | undefined {
  try {
    return parse(text, { prettyErrors: false, uniqueKeys: false }) as Manifest;
  } catch {
    return undefined;
  }
}

/** `Deployment lab-session-alice-001`. */
export const objectText = ({ kind, name, namespace }: ObjectName): string =>
  `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
