import type { Path } from './tree';

/** One step: a name, a name with escaped dots, or what stands in brackets: a number, or text with or without quotes. */
const STEP = /\.?((?:[^.[\]"'\\=\s]|\\.)+)|\[(?:(\d{1,6})|"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\]"'\s]+))\]/y;

/** A path as people write it: `tolerations[0].key`, `labels["a.b/c"]`, `labels.a\.b/c`; undefined when it is none. */
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
