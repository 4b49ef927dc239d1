import { isMapping, type Path } from '../schema/tree';

/** What was pasted where values go. */
export interface PastedSecret {
  readonly path: Path;
  readonly kind: 'SealedSecret' | 'Secret';
}

/** The outermost SealedSecret or Secret among the values of a file, or what such an object holds; undefined when there is none. */
export function pastedSecret(content: unknown, path: Path = []): PastedSecret | undefined {
  if (Array.isArray(content)) return first(content.map((item, index) => pastedSecret(item, [...path, index])));
  if (!isMapping(content)) return undefined;
  const { kind, apiVersion, encryptedData, stringData } = content;
  const isObject = (name: string): boolean => kind === name && apiVersion !== undefined;
  if (isMapping(encryptedData) || isObject('SealedSecret')) return { path, kind: 'SealedSecret' };
  if (isMapping(stringData) || isObject('Secret')) return { path, kind: 'Secret' };
  return first(Object.entries(content).map(([key, value]) => pastedSecret(value, [...path, key])));
}

const first = (found: readonly (PastedSecret | undefined)[]): PastedSecret | undefined =>
  found.find((each) => each !== undefined);
