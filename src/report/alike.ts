/** Stands for what differs between sessions that are alike; no manifest holds it, as it is refused in every value. */
const STAND_IN = '\u0001';

/** Lines that tell whom a session is for, and until when. */
const IDENTITY = [/^ *(?:dozlab\.io\/)?user-id: .*$/gm, /^ *dozlab\.io\/expires-at: .*$/gm];

/** The manifests of a session without what tells it from others that are alike: its id, its user and its end. */
export const likeness = (manifests: string, id: string): string =>
  IDENTITY.reduce((text, line) => text.replaceAll(line, STAND_IN), manifests.replaceAll(id, STAND_IN));

/**
 * The same for manifests before and after a change; what the change is about stays. Two sessions of which this is the same change alike.
 */
export function likenessOfChange(before: string, after: string, id: string): string {
  let [was, is] = [before, after].map((text) => text.replaceAll(id, STAND_IN)) as [string, string];
  for (const line of IDENTITY) {
    if (String(was.match(line)) !== String(is.match(line))) continue;
    [was, is] = [was.replaceAll(line, STAND_IN), is.replaceAll(line, STAND_IN)];
  }
  return `${was}${STAND_IN}${STAND_IN}${is}`;
}

/** Computes something once for all that have the same key. */
export class Once<T> {
  private readonly known = new Map<string, T>();

  of(key: string, compute: () => T): T {
    if (this.known.has(key)) return this.known.get(key) as T;
    const value = compute();
    this.known.set(key, value);
    return value;
  }
}
