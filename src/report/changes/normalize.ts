/** Every value rejects this character. */
const PLACEHOLDER = '\u0001';

const IDENTITY = [/^ *(?:dozlab\.io\/)?user-id: .*$/gm, /^ *dozlab\.io\/expires-at: .*$/gm];

/** Skips parts of words. */
export const replaceName = (text: string, name: string, other: string): string =>
  text.replace(new RegExp(`(?<![A-Za-z0-9])${name}(?![A-Za-z0-9])`, 'g'), other);

interface SessionNames {
  readonly id: string;
  readonly namespace: string;
}

const withoutNames = (text: string, { id, namespace }: SessionNames): string =>
  replaceName(replaceName(text, id, PLACEHOLDER), namespace, PLACEHOLDER);

/** Removes id, user and end, to compare two sessions. */
export const normalize = (manifests: string, id: string): string =>
  IDENTITY.reduce((text, line) => text.replaceAll(line, PLACEHOLDER), replaceName(manifests, id, PLACEHOLDER));

/** Two sessions have equal keys if their manifests change equally. User and end count only if they change. */
export function normalizeChange(before: string, after: string, names: SessionNames): string {
  let [was, is] = [before, after].map((text) => withoutNames(text, names)) as [string, string];
  for (const line of IDENTITY) {
    if (String(was.match(line)) !== String(is.match(line))) continue;
    [was, is] = [was.replaceAll(line, PLACEHOLDER), is.replaceAll(line, PLACEHOLDER)];
  }
  return `${was}${PLACEHOLDER}${PLACEHOLDER}${is}`;
}

export const withoutEnd = (manifests: string): string => manifests.replace(/^ *dozlab\.io\/expires-at: .*\n/gm, '');

/** Sets the user and the end of another session's manifests. */
export const withIdentityOf = (others: string, manifests: string): string =>
  IDENTITY.reduce((text, line) => {
    const lines = others.match(line) ?? [];
    const keyOf = (found: string): string => found.slice(0, found.indexOf(':')).trim();
    return text.replaceAll(line, (found) => {
      const same = lines.find((each) => keyOf(each) === keyOf(found))?.trim();
      return same === undefined ? found : `${found.slice(0, found.search(/\S/))}${same}`;
    });
  }, manifests);

export class MemoByKey<T> {
  private readonly values = new Map<string, T>();

  of(key: string, compute: () => T): T {
    if (this.values.has(key)) return this.values.get(key) as T;
    const value = compute();
    this.values.set(key, value);
    return value;
  }
}
