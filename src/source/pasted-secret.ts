import { isMapping, type Path } from '@dozlab/charts/schema';
import { PROVIDERS } from '../secrets/providers';

/** An object with passwords in a file that holds none. */
export interface PastedSecret {
  readonly path: Path;
  readonly kind: string;
  /** The provider that encrypts objects of this kind. @default none: values may be in the clear */
  readonly provider?: string;
}

/**
 * Finds the first Secret, or object of a provider of passwords, or content of one, in a file.
 * @param seen parts that were looked at: anchors put one part of a file at several places, even inside itself
 */
export function pastedSecret(content: unknown, path: Path = [], seen = new Set<unknown>()): PastedSecret | undefined {
  if (typeof content !== 'object' || content === null || seen.has(content)) return undefined;
  seen.add(content);
  const kind = isMapping(content) ? kindOf(content) : undefined;
  if (kind !== undefined) return { path, ...kind };
  for (const [key, child] of Object.entries(content)) {
    const found = pastedSecret(child, [...path, Array.isArray(content) ? Number(key) : key], seen);
    if (found !== undefined) return found;
  }
  return undefined;
}

function kindOf(content: Record<string, unknown>): Omit<PastedSecret, 'path'> | undefined {
  const isLike = (kind: string, payload: string): boolean =>
    isMapping(content[payload]) || (content['kind'] === kind && content['apiVersion'] !== undefined);
  for (const { name, file } of PROVIDERS)
    if (file?.payload !== undefined && isLike(file.kind, file.payload)) return { kind: file.kind, provider: name };
  return isLike('Secret', 'stringData') ? { kind: 'Secret' } : undefined;
}
