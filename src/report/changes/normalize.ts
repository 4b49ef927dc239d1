/** Stands for what differs between sessions that are alike; no manifest holds it, as it is refused in every value. */
const STAND_IN = '\u0001';

/** Lines that tell whom a session is for, and until when. */
const IDENTITY = [/^ *(?:dozlab\.io\/)?user-id: .*$/gm, /^ *dozlab\.io\/expires-at: .*$/gm];

/** A text with another name in place of one, where that stands by itself and not within a word. */
export const inPlaceOf = (text: string, name: string, other: string): string =>
  text.replace(new RegExp(`(?<![A-Za-z0-9])${name}(?![A-Za-z0-9])`, 'g'), other);

/** What tells a session from others: its id, and the namespace that it is in. */
interface Place {
  readonly id: string;
  readonly namespace: string;
}

const withoutPlace = (text: string, { id, namespace }: Place): string =>
  inPlaceOf(inPlaceOf(text, id, STAND_IN), namespace, STAND_IN);

/** A text without a name, so that it can be compared with one about something else. */
export const likeness = (manifests: string, id: string): string =>
  IDENTITY.reduce((text, line) => text.replaceAll(line, STAND_IN), inPlaceOf(manifests, id, STAND_IN));

/**
 * The same for manifests before and after a change; what the change is about stays. Two sessions of which this is the same change alike.
 */
export function likenessOfChange(before: string, after: string, place: Place): string {
  let [was, is] = [before, after].map((text) => withoutPlace(text, place)) as [string, string];
  for (const line of IDENTITY) {
    if (String(was.match(line)) !== String(is.match(line))) continue;
    [was, is] = [was.replaceAll(line, STAND_IN), is.replaceAll(line, STAND_IN)];
  }
  return `${was}${STAND_IN}${STAND_IN}${is}`;
}

/** Manifests that do not say until when the session lasts. */
export const withoutEnd = (manifests: string): string => manifests.replace(/^ *dozlab\.io\/expires-at: .*\n/gm, '');

/** Manifests with the user and the end of others. */
export const withIdentityOf = (others: string, manifests: string): string =>
  IDENTITY.reduce((text, line) => {
    const lines = others.match(line) ?? [];
    const keyOf = (found: string): string => found.slice(0, found.indexOf(':')).trim();
    return text.replaceAll(line, (found) => {
      const same = lines.find((each) => keyOf(each) === keyOf(found))?.trim();
      return same === undefined ? found : `${found.slice(0, found.search(/\S/))}${same}`;
    });
  }, manifests);

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
