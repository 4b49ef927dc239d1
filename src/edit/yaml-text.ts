import { isAlias, isMap, isPair, isScalar, isSeq, Lexer, Scalar, type Node, type Pair, type YAMLMap } from 'yaml';
import { flow, quoted, scalar } from '@dozlab/charts/yaml';
import { isMapping, type Mapping, type Tree } from '@dozlab/charts/schema';

/** Mappings in lines, lists in brackets. */
export const blockLines = (entries: Mapping, indent = ''): string[] =>
  Object.entries(entries).flatMap(([key, value]) => {
    const name = `${indent}${scalar(key)}:`;
    return isMapping(value) && Object.keys(value).length > 0
      ? [name, ...blockLines(value, `${indent}  `)]
      : [`${name} ${lineOf(value)}`];
  });

export const lineOf = (value: Tree): string =>
  typeof value === 'object' && value !== null ? flow(value) : scalar(value);

export function quotedLike(value: Tree, { type }: Scalar): string {
  if (typeof value !== 'string') return typeof value === 'object' && value !== null ? flow(value) : lineOf(value);
  if (type === Scalar.QUOTE_SINGLE && /^[\x20-\x26\x28-\x7e]*$/.test(value)) return `'${value}'`;
  return type === Scalar.QUOTE_DOUBLE ? quoted(value) : lineOf(value);
}

interface Comment {
  readonly offset: number;
  readonly text: string;
}

const MARKS = ['\u0002', '\u0018', '\u001f'];

export function commentsIn(text: string): Comment[] {
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

export const isNode = (value: unknown): value is Node =>
  isScalar(value) || isAlias(value) || isMap(value) || isSeq(value);

export const isAbsentNode = (node: unknown): boolean =>
  node === null || node === undefined || (isScalar(node) && node.value === null && (node.source ?? '') === '');

export const nameOf = ({ key }: Pair): string => String(isScalar(key) ? key.value : key);

export const pairOf = (map: YAMLMap, step: string | number): Pair | undefined =>
  map.items.find((item) => nameOf(item) === String(step));

export function childOf(node: unknown, step: string | number): unknown {
  if (isMap(node)) return pairOf(node, step)?.value;
  return isSeq(node) ? node.items[Number(step)] : undefined;
}

export const startOf = (node: unknown): number | undefined => (isNode(node) ? node.range?.[0] : undefined);

/** Without trailing comments. */
export function endOf(node: unknown): number | undefined {
  if (isPair(node)) return endOf(node.value) ?? endOf(node.key);
  if (!isNode(node) || isAbsentNode(node)) return undefined;
  if ((isMap(node) || isSeq(node)) && node.flow !== true && node.items.length > 0) return endOf(node.items.at(-1));
  return node.range?.[1];
}
