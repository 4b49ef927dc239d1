import { isMapping } from '@dozlab/charts/schema';

/** Where quantities are, which the API server may write in another way: 1024Mi as 1Gi. */
const QUANTITIES = new Set(['limits', 'requests', 'sizeLimit']);

/** What the API server leaves out where it means the same as nothing. */
const isEmpty = (value: unknown): boolean =>
  value === '' ||
  value === 0 ||
  value === false ||
  (typeof value === 'object' && value !== null && Object.keys(value).length === 0);

/** Where an object as the API server keeps it lacks something that it was sent, or has it otherwise. What it has beside that is its own. */
export function lostFrom(sent: unknown, kept: unknown, path = ''): string[] {
  if (isEmpty(sent) && (kept === undefined || isEmpty(kept))) return [];
  if (Array.isArray(sent)) {
    const items = Array.isArray(kept) ? (kept as unknown[]) : [];
    return sent.flatMap((item, index) => lostFrom(item, items[index], `${path}[${String(index)}]`));
  }
  if (isMapping(sent)) {
    const entries = isMapping(kept) ? new Map(Object.entries(kept)) : new Map<string, unknown>();
    return Object.entries(sent).flatMap(([key, value]) =>
      QUANTITIES.has(key) && entries.has(key) ? [] : lostFrom(value, entries.get(key), `${path}.${key}`),
    );
  }
  return sent === kept ? [] : [`${path}: sent ${shown(sent)}, kept ${shown(kept)}`];
}

const shown = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));
