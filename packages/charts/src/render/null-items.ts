import type { Manifest } from '../yaml/document';

/** A manifest in which nothing in a list is no item, as it is no entry in a mapping. cdk8s would print null there. */
export const withoutNothing = (manifest: Manifest): Manifest =>
  Object.fromEntries(
    Object.entries(manifest).map(([key, value]) => [key, cleaned(value, key === 'metadata')]),
  ) as unknown as Manifest;

/** @param isPruned whether what is empty is left out, too: cdk8s does so in metadata */
function cleaned(value: unknown, isPruned: boolean): unknown {
  const isThere = (child: unknown): boolean => child !== undefined && child !== null && !(isPruned && isEmpty(child));
  if (Array.isArray(value)) {
    const items = value.map((item) => cleaned(item, isPruned));
    return items.filter((item) => item !== undefined && item !== null);
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, child]) => [key, cleaned(child, isPruned)] as const)
      .filter(([, child]) => isThere(child)),
  );
}

const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;
