import { setTimeout } from 'node:timers/promises';

const MOST_MS = 60_000;

/** The first result that is neither undefined nor false. */
export async function eventually<T>(look: () => T | undefined | false | Promise<T | undefined | false>): Promise<T> {
  const start = performance.now();
  while (performance.now() - start < MOST_MS) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await setTimeout(2);
  }
  throw new Error(`not seen: ${look.toString()}`);
}
