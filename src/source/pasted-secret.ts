import { isMapping, type Path } from '@dozlab/charts/schema';

/** What was pasted where values go. */
export interface PastedSecret {
  readonly path: Path;
  readonly kind: 'SealedSecret' | 'Secret';
}

/**
 * The first SealedSecret or Secret in a file, or what such an object holds; undefined when there is none.
 * @param seen parts that were looked at: by its anchors a part of a file can stand in many places, and in itself
 */
export function pastedSecret(content: unknown, path: Path = [], seen = new Set<unknown>()): PastedSecret | undefined {
  if (typeof content !== 'object' || content === null || seen.has(content)) return undefined;
  seen.add(content);
  const kind = isMapping(content) ? kindOf(content) : undefined;
  if (kind !== undefined) return { path, kind };
  for (const [key, child] of Object.entries(content)) {
    const found = pastedSecret(child, [...path, Array.isArray(content) ? Number(key) : key], seen);
    if (found !== undefined) return found;
  }
  return undefined;
}

function kindOf({ kind, apiVersion, encryptedData, stringData }: Record<string, unknown>) {
  const isObject = (name: string): boolean => kind === name && apiVersion !== undefined;
  if (isMapping(encryptedData) || isObject('SealedSecret')) return 'SealedSecret';
  return isMapping(stringData) || isObject('Secret') ? 'Secret' : undefined;
}
