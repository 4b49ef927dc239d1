import { isAlias, isMap, isScalar, isSeq, type Document, type Pair, type YAMLMap } from 'yaml';
import { flow, quoted } from '@dozlab/charts/yaml';
import { isMapping, type Path, type Tree } from '@dozlab/charts/schema';
import {
  blockLines,
  childOf,
  commentsIn,
  endOf,
  isNode,
  isAbsentNode,
  lineOf,
  nameOf,
  pairOf,
  quotedLike,
  startOf,
} from './yaml-text';

/** The caller checks them. */
export class Candidates {
  private readonly lineEnd: string;

  constructor(
    private readonly text: string,
    private readonly document: Document,
    private readonly order: readonly string[],
  ) {
    this.lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  }

  withValue(path: Path, value: Tree): string[] {
    let node: unknown = this.document.contents;
    let pair: Pair | undefined;
    for (const [index, step] of path.entries()) {
      const rest = path.slice(index);
      if (isMap(node)) {
        const next = pairOf(node, step);
        if (next === undefined) return this.inserted(node, pair, rest, value);
        pair = next;
        node = next.value;
      } else if (isSeq(node)) {
        pair = undefined;
        node = node.items[Number(step)];
      } else {
        const isNull = isAbsentNode(node) || (isScalar(node) && node.value === null);
        return isNull && pair !== undefined ? this.replaced(pair, node, nested(rest, value)) : [];
      }
    }
    if (pair !== undefined) return this.replaced(pair, node, value);
    return isNode(node) && node.range != null ? [this.splice(node.range[0], node.range[1], flow(value))] : [];
  }

  without(path: Path): string[] {
    const map = path.slice(0, -1).reduce<unknown>(childOf, this.document.contents);
    const pair = isMap(map) ? pairOf(map, path.at(-1) ?? '') : undefined;
    if (!isMap(map) || pair === undefined) return [];
    const start = startOf(pair.key);
    const end = endOf(pair);
    if (start === undefined || end === undefined) return [];
    if (map.flow === true) {
      const index = map.items.indexOf(pair);
      const previous = map.items[index - 1];
      const next = startOf(map.items[index + 1]?.key);
      const from = previous === undefined ? start : (endOf(previous) ?? start);
      return [this.splice(from, previous === undefined ? (next ?? end) : end, '')];
    }
    const indent = this.indentOf(start);
    const lineStart = start - indent.length;
    const after = this.endOfLine(end) + this.lineEnd.length;
    const kept = this.keptComments(start, after, indent);
    return [
      this.splice(lineStart, after, kept),
      // The entry is on the last line, which has no line end.
      this.splice(lineStart - this.lineEnd.length, after, kept === '' ? '' : `${this.lineEnd}${kept.trimEnd()}`),
    ];
  }

  private replaced(pair: Pair, node: unknown, value: Tree): string[] {
    const key = endOf(pair.key);
    const start = startOf(pair.key);
    const end = endOf(pair);
    if (key === undefined || start === undefined || end === undefined) return [];
    const colon = this.text.indexOf(':', key) + 1;
    const line = ` ${lineOf(value)}`;
    const indent = this.indentOf(start);
    const lines =
      isMapping(value) && Object.keys(value).length > 0
        ? `${this.lineEnd}${blockLines(value, `${indent}  `).join(this.lineEnd)}`
        : line;
    if (isScalar(node) && node.source !== '' && node.range != null) {
      const [from, to] = node.range;
      const tail = this.text.slice(from, to).endsWith('\n') ? this.lineEnd : '';
      return [
        ...(isMapping(value) ? [...this.below(colon, to, lines), this.splice(colon, to, lines + tail)] : []),
        this.splice(from, to, `${quotedLike(value, node)}${tail}`),
      ];
    }
    if (isAbsentNode(node))
      return [...this.below(colon, colon, lines), this.splice(colon, colon, lines), this.splice(colon, colon, line)];
    if (!isNode(node) || node.range == null) return [];
    const [from, to] = node.range;
    if (isMap(node) && node.items.length === 0 && isMapping(value))
      return [
        ...this.below(colon, to, lines),
        this.splice(colon, to, lines),
        this.splice(from, to, flow(value)),
        // After the bracket, if a comment precedes the closing one.
        this.splice(from + 1, from + 1, flow(value).slice(1, -1)),
      ];
    if (isAlias(node) || ((isMap(node) || isSeq(node)) && node.flow === true))
      return [this.splice(from, to, flow(value))];
    const last = this.endOfLine(end);
    const kept = this.keptComments(colon, last, indent);
    const head = this.text.slice(start, colon);
    return [this.splice(start - indent.length, last, `${kept}${indent}${head}${lines}`)];
  }

  private below(colon: number, end: number, lines: string): string[] {
    if (!lines.startsWith(this.lineEnd)) return [];
    const last = this.endOfLine(end);
    return [this.splice(colon, last, this.text.slice(end, last) + lines)];
  }

  private inserted(map: YAMLMap, around: Pair | undefined, [key, ...rest]: Path, value: Tree): string[] {
    const entry = { [String(key)]: nested(rest, value) };
    if (map.items.length === 0) return around === undefined ? [] : this.replaced(around, map, entry);
    const before = this.order.slice(0, Math.max(this.order.indexOf(String(key)), 0));
    const behind = map.items.findLast((item) => before.includes(nameOf(item))) ?? map.items.at(-1);
    const last = map.items.at(-1);
    const first = startOf(map.items[0]?.key);
    if (behind === undefined || last === undefined || first === undefined) return [];
    if (map.flow === true) {
      const end = endOf(last);
      if (end === undefined) return [];
      const inJson = `, ${flow(entry).slice(1, -1)}`;
      const name = this.text[first] === '"' ? quoted(String(key)) : blockLines({ [String(key)]: 0 })[0]?.slice(0, -3);
      const shown = rest.length > 0 || isMapping(value) ? flow(nested(rest, value)) : lineOf(value);
      return [this.splice(end, end, `, ${name ?? ''}: ${shown}`), this.splice(end, end, inJson)];
    }
    const indent = this.indentOf(first);
    const lines = blockLines(entry, indent).map((line) => `${this.lineEnd}${line}`);
    const spots = [behind, last].flatMap((item) => {
      const end = endOf(item);
      return end === undefined ? [] : [this.endOfLine(end)];
    });
    const inFront = `${blockLines(entry, indent).join(this.lineEnd)}${this.lineEnd}`;
    return [
      ...spots.map((spot) => this.splice(spot, spot, lines.join(''))),
      this.splice(first - indent.length, first - indent.length, inFront),
    ];
  }

  private keptComments(start: number, end: number, indent: string): string {
    return commentsIn(this.text)
      .filter(({ offset }) => offset >= start && offset < end)
      .map((comment) => `${indent}${comment.text}${this.lineEnd}`)
      .join('');
  }

  private splice(start: number, end: number, text: string): string {
    return this.text.slice(0, Math.max(start, 0)) + text + this.text.slice(end);
  }

  private indentOf(start: number): string {
    const line = this.text.slice(this.text.lastIndexOf('\n', start - 1) + 1, start).replace('\ufeff', '');
    return ' '.repeat(line.length);
  }

  /** A block scalar ends after its last line end. */
  private endOfLine(offset: number): number {
    const isBehind = this.text[offset - 1] === '\n';
    const end = isBehind ? offset - 1 : this.text.indexOf('\n', offset);
    if (end < 0) return this.text.length;
    return this.text[end - 1] === '\r' && (isBehind || end > offset) ? end - 1 : end;
  }
}

const nested = (path: Path, value: Tree): Tree =>
  path.reduceRight<Tree>((inner, step) => ({ [String(step)]: inner }), value);
