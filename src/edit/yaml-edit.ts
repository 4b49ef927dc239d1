import { isDeepStrictEqual } from 'node:util';
import {
  Lexer,
  Scalar,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  parseDocument,
  type Document,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';
import { flow, quoted } from '@dozlab/charts/yaml';
import { at, isMapping, type Path, type Tree } from '@dozlab/charts/schema';
import { blockLines, lineOf } from './yaml-block';

/** A value to be set, or (undefined) to be taken out, with the mappings that are empty then. */
export interface YamlEdit {
  readonly path: Path;
  readonly value: Tree | undefined;
}

/**
 * A YAML text with other values, and everything else as it was, byte by byte: comments, order, quotes, line ends. Comments of what is taken
 * out stay, on lines of their own. Undefined when an edit cannot be made so: an anchor makes the place stand in several, or a comment is inside of brackets.
 * @param order keys of one mapping in the order in which new ones are to stand
 */
export function editedYaml(
  text: string,
  edits: readonly YamlEdit[],
  order: readonly string[] = [],
): string | undefined {
  return edits.reduce<string | undefined>(
    (now, edit) => (now === undefined ? undefined : edited(now, edit, order)),
    text,
  );
}

/** Texts that may be what is wanted are made, simplest first, and the first is taken that is read as it should be. */
function edited(text: string, { path, value }: YamlEdit, order: readonly string[]): string | undefined {
  const document = parseDocument(text, OPTIONS);
  const before = contentOf(document);
  if (value === undefined && at(before, path) === undefined) return text;
  const wanted = changed(before, path, value);
  if (wanted === undefined) return undefined;
  if (isDeepStrictEqual(before, wanted)) return text;
  const place = new Place(text, document, order);
  const candidates = value === undefined ? place.without(removedPath(before, path)) : place.withValue(path, value);
  const comments = commentsIn(text).map((comment) => comment.text);
  return candidates.find((candidate) => {
    const read = parseDocument(candidate, OPTIONS);
    return (
      read.errors.length === 0 &&
      isDeepStrictEqual(contentOf(read), wanted) &&
      isDeepStrictEqual(
        commentsIn(candidate).map((comment) => comment.text),
        comments,
      )
    );
  });
}

const OPTIONS = { version: '1.2', uniqueKeys: false, logLevel: 'silent', prettyErrors: false } as const;

const contentOf = (document: Document): unknown => copied(document.toJS({ maxAliasCount: 100 }));

/** A copy in which no part stands in two places, as anchors make it. */
function copied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copied);
  if (!isMapping(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, copied(child)]));
}

/** Content with another value; undefined where the path leads through what is neither mapping nor list. */
function changed(content: unknown, [step, ...rest]: Path, value: Tree | undefined): unknown {
  if (step === undefined) return value;
  if (typeof step === 'number') {
    if (!Array.isArray(content) || step >= content.length || (value === undefined && rest.length === 0))
      return undefined;
    const item = changed(content[step], rest, value);
    return item === undefined ? undefined : content.map((each: unknown, index) => (index === step ? item : each));
  }
  if (content !== undefined && content !== null && !isMapping(content)) return undefined;
  const entries = Object.entries(content ?? {});
  const old = at(content, [step]);
  const child = changed(old, rest, value);
  const isEmptied = value === undefined && (rest.length === 0 || isEmpty(child));
  if (child === undefined && !isEmptied) return undefined;
  if (isEmptied) return Object.fromEntries(entries.filter(([key]) => key !== step));
  return Object.fromEntries(
    old === undefined
      ? [...entries, [step, child]]
      : entries.map(([key, each]): [string, unknown] => [key, key === step ? child : each]),
  );
}

const isEmpty = (value: unknown): boolean => isMapping(value) && Object.keys(value).length === 0;

/** What is to be taken out when a value is: it, or the mapping that would be empty without it. */
function removedPath(content: unknown, path: Path): Path {
  const parent = path.slice(0, -1);
  const around = at(content, parent);
  const isAlone = isMapping(around) && Object.keys(around).length === 1;
  return isAlone && typeof parent.at(-1) === 'string' ? removedPath(content, parent) : path;
}

interface Comment {
  readonly offset: number;
  readonly text: string;
}

/** What the lexer tells beside the text itself. */
const MARKS = ['\u0002', '\u0018', '\u001f'];

/** The comments of a text, in order. */
function commentsIn(text: string): Comment[] {
  const comments: Comment[] = [];
  let offset = 0;
  let isText = false;
  for (const token of new Lexer().lex(text)) {
    if (!isText && MARKS.includes(token)) {
      isText = token === '\u001f';
      continue;
    }
    if (!isText && token.startsWith('#')) comments.push({ offset, text: token.trimEnd() });
    offset += token.length;
    isText = false;
  }
  return comments;
}

/** Where in a text something is to be changed. */
class Place {
  private readonly lineEnd: string;

  constructor(
    private readonly text: string,
    private readonly document: Document,
    private readonly order: readonly string[],
  ) {
    this.lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  }

  /** Texts in which a value is set. */
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
        const isNull = isNothing(node) || (isScalar(node) && node.value === null);
        return isNull && pair !== undefined ? this.replaced(pair, node, nested(rest, value)) : [];
      }
    }
    if (pair !== undefined) return this.replaced(pair, node, value);
    return isNode(node) && node.range != null ? [this.splice(node.range[0], node.range[1], flow(value))] : [];
  }

  /** Texts in which an entry is not. */
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
      // The last line of a text that does not end in a line end.
      this.splice(lineStart - this.lineEnd.length, after, kept === '' ? '' : `${this.lineEnd}${kept.trimEnd()}`),
    ];
  }

  /** Another value in place of one that is there. */
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
        this.splice(from, to, `${likeBefore(value, node)}${tail}`),
      ];
    }
    if (isNothing(node))
      return [...this.below(colon, colon, lines), this.splice(colon, colon, lines), this.splice(colon, colon, line)];
    if (!isNode(node) || node.range == null) return [];
    const [from, to] = node.range;
    if (isMap(node) && node.items.length === 0 && isMapping(value))
      return [
        ...this.below(colon, to, lines),
        this.splice(colon, to, lines),
        this.splice(from, to, flow(value)),
        // Behind the bracket, where a comment stands in front of the other one.
        this.splice(from + 1, from + 1, flow(value).slice(1, -1)),
      ];
    if (isAlias(node) || ((isMap(node) || isSeq(node)) && node.flow === true))
      return [this.splice(from, to, flow(value))];
    const last = this.endOfLine(end);
    const kept = this.keptComments(colon, last, indent);
    const head = this.text.slice(start, colon);
    return [this.splice(start - indent.length, last, `${kept}${indent}${head}${lines}`)];
  }

  /** Lines below a key in place of the rest of its line, whose comment stays where it is. */
  private below(colon: number, end: number, lines: string): string[] {
    if (!lines.startsWith(this.lineEnd)) return [];
    const last = this.endOfLine(end);
    return [this.splice(colon, last, this.text.slice(end, last) + lines)];
  }

  /** A new entry: in brackets behind the last one, in lines where the order of keys wants it. */
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

  /** The comments in a part of the text that goes, as lines. */
  private keptComments(start: number, end: number, indent: string): string {
    return commentsIn(this.text)
      .filter(({ offset }) => offset >= start && offset < end)
      .map((comment) => `${indent}${comment.text}${this.lineEnd}`)
      .join('');
  }

  private splice(start: number, end: number, text: string): string {
    return this.text.slice(0, Math.max(start, 0)) + text + this.text.slice(end);
  }

  /** What stands in front of an entry on its line, as spaces. */
  private indentOf(start: number): string {
    const line = this.text.slice(this.text.lastIndexOf('\n', start - 1) + 1, start).replace('\ufeff', '');
    return ' '.repeat(line.length);
  }

  /** The end of the line that something ends on. Text of many lines ends behind its last line. */
  private endOfLine(offset: number): number {
    const isBehind = this.text[offset - 1] === '\n';
    const end = isBehind ? offset - 1 : this.text.indexOf('\n', offset);
    if (end < 0) return this.text.length;
    return this.text[end - 1] === '\r' && (isBehind || end > offset) ? end - 1 : end;
  }
}

const nested = (path: Path, value: Tree): Tree =>
  path.reduceRight<Tree>((inner, step) => ({ [String(step)]: inner }), value);

const isNode = (value: unknown): value is Node => isScalar(value) || isAlias(value) || isMap(value) || isSeq(value);

/** Whether nothing stands where a value goes. */
const isNothing = (node: unknown): boolean =>
  node === null || node === undefined || (isScalar(node) && node.value === null && (node.source ?? '') === '');

const nameOf = ({ key }: Pair): string => String(isScalar(key) ? key.value : key);

const pairOf = (map: YAMLMap, step: string | number): Pair | undefined =>
  map.items.find((item) => nameOf(item) === String(step));

function childOf(node: unknown, step: string | number): unknown {
  if (isMap(node)) return pairOf(node, step)?.value;
  return isSeq(node) ? node.items[Number(step)] : undefined;
}

const startOf = (node: unknown): number | undefined => (isNode(node) ? node.range?.[0] : undefined);

/** Where the text of a node or entry ends, without what stands behind it. */
function endOf(node: unknown): number | undefined {
  if (isPair(node)) return endOf(node.value) ?? endOf(node.key);
  if (!isNode(node) || isNothing(node)) return undefined;
  if ((isMap(node) || isSeq(node)) && node.flow !== true && node.items.length > 0) return endOf(node.items.at(-1));
  return node.range?.[1];
}

/** A value as the one before it was written: in quotes if that was. */
function likeBefore(value: Tree, { type }: Scalar): string {
  if (typeof value !== 'string') return typeof value === 'object' && value !== null ? flow(value) : lineOf(value);
  if (type === Scalar.QUOTE_SINGLE && /^[\x20-\x26\x28-\x7e]*$/.test(value)) return `'${value}'`;
  return type === Scalar.QUOTE_DOUBLE ? quoted(value) : lineOf(value);
}
