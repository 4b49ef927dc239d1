export type Path = readonly (string | number)[];

/** Such as `tolerations[0].key` or `labels["a.b/c"]`. */
export const pathText = (path: Path): string =>
  path
    .map((step, index) => {
      if (typeof step === 'number') return `[${String(step)}]`;
      if (!/^[A-Za-z_][\w-]*$/.test(step)) return `[${JSON.stringify(step)}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join('');

const STEP = /\.?((?:[^.[\]"'\\=\s]|\\.)+)|\[(?:(\d{1,6})|"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\]"'\s]+))\]/y;

/** Also reads `labels.a\.b/c`. Undefined when the text is no path. */
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
