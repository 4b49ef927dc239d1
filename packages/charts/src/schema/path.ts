/** The keys and indexes from the root of a tree to a value. */
export type Path = readonly (string | number)[];

/** A path as people write it: `tolerations[0].key`, `labels["app.kubernetes.io/name"]`. */
export const pathText = (path: Path): string =>
  path
    .map((step, index) => {
      if (typeof step === 'number') return `[${String(step)}]`;
      if (!/^[A-Za-z_][\w-]*$/.test(step)) return `[${JSON.stringify(step)}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join('');

/** One step: a name, in which `\` escapes dots, or brackets around an index or a text with or without quotes. */
const STEP = /\.?((?:[^.[\]"'\\=\s]|\\.)+)|\[(?:(\d{1,6})|"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\]"'\s]+))\]/y;

/** Reads a path as people write it: `tolerations[0].key`, `labels["a.b/c"]`, `labels.a\.b/c`. Undefined when the text is no path. */
export function parsePath(text: string): Path | undefined {
  const path: (string | number)[] = [];
  let from = 0;
  while (from < text.length) {
    STEP.lastIndex = from;
    const found = STEP.exec(text);
    if (found === null) return undefined;
    const [whole, name, index, quoted, single, bare] = found;
    const isDotted = whole.startsWith('.');
    if (name !== undefined && isDotted === (from === 0)) return undefined;
    if (index !== undefined) path.push(Number(index));
    else path.push((name ?? quoted)?.replace(/\\(.)/g, '$1') ?? single ?? bare ?? '');
    from = STEP.lastIndex;
  }
  return path.length === 0 || typeof path[0] === 'number' ? undefined : path;
}
