import type { Expression } from '../view/expression';
import { type Entry, hasPlaceholder, hasSpoiledPlaceholder, type Mark, type Placeholders } from '../view/placeholders';

export type Node =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'hole'; readonly expression: Expression }
  | { readonly kind: 'passed'; readonly expression: Expression }
  | MappingNode
  | SequenceNode
  | { readonly kind: 'when'; readonly condition: Expression; readonly node: Node }
  | {
      readonly kind: 'each';
      readonly list: Expression;
      readonly variable: Pick<Expression, 'js' | 'go'>;
      readonly node: Node;
    }
  | { readonly kind: 'named'; readonly name: string; readonly node: Node };

export interface MappingNode {
  readonly kind: 'mapping';
  readonly entries: readonly { readonly key: string | Expression; readonly node: Node }[];
  readonly maps: readonly { readonly expression: Expression; readonly asText: boolean; readonly isCopied: boolean }[];
}

export interface SequenceNode {
  readonly kind: 'sequence';
  readonly items: readonly Node[];
}

interface Decoded {
  readonly node: Node;
  readonly marks: readonly Mark[];
}

/** @throws Error when a placeholder is where it cannot be printed */
export function decode(manifest: unknown, placeholders: Placeholders, finder: string): Node {
  const { node, marks } = decodeAny(manifest, placeholders, finder);
  if (marks.length > 0)
    throw new Error(`${finder}: a value of when, each or named was taken out of the part that it belongs to`);
  return node;
}

function decodeAny(value: unknown, placeholders: Placeholders, finder: string): Decoded {
  if (typeof value === 'string' && hasSpoiledPlaceholder(value))
    throw new Error(
      `${finder}: JSON.stringify cannot escape a text that has no value before the chart is used. Fix: make the text by a textFunction`,
    );
  if (Array.isArray(value)) return decodeSequence(value, placeholders, finder);
  if (typeof value === 'object' && value !== null)
    return decodeMapping(value as Record<string, unknown>, placeholders, finder);
  if (typeof value !== 'string' || !hasPlaceholder(value))
    return { node: { kind: 'literal', value: value as string }, marks: [] };
  return decodeText(value, placeholders, finder);
}

function decodeText(text: string, placeholders: Placeholders, finder: string): Decoded {
  const marks: Mark[] = [];
  let content: unknown = text;
  let entry: Entry | undefined;
  while (typeof content === 'string') {
    entry = placeholders.whole(content, finder);
    if (entry?.kind !== 'mark') break;
    marks.push(entry.mark);
    content = entry.content;
  }
  if (entry?.kind === 'map') return { node: { kind: 'literal', value: null }, marks };
  const node: Node =
    typeof content === 'string' && hasPlaceholder(content)
      ? { kind: 'hole', expression: placeholders.expressionOf(content, finder) }
      : { kind: 'literal', value: content as string };
  return finished(node, marks);
}

function decodeSequence(items: readonly unknown[], placeholders: Placeholders, finder: string): Decoded {
  // As in a mapping, undefined and null are no item.
  const decoded = items
    .filter((item) => item !== undefined && item !== null)
    .map((item) => decodeAny(item, placeholders, finder));
  return finished({ kind: 'sequence', items: decoded.map(({ node }) => node) }, raised(decoded));
}

function decodeMapping(
  entries: Readonly<Record<string, unknown>>,
  placeholders: Placeholders,
  finder: string,
): Decoded {
  const decoded: Decoded[] = [];
  const own: MappingNode['entries'][number][] = [];
  const maps: MappingNode['maps'][number][] = [];
  for (const [key, value] of Object.entries(entries)) {
    const child = decodeAny(value, placeholders, finder);
    decoded.push(child);
    const whole = hasPlaceholder(key) ? placeholders.whole(key, finder) : undefined;
    if (whole?.kind === 'map') maps.push(whole);
    else own.push({ key: hasPlaceholder(key) ? placeholders.expressionOf(key, finder) : key, node: child.node });
  }
  if (maps.length > 1) throw new Error(`${finder}: two open maps in one object. Fix: use overlay`);
  return finished({ kind: 'mapping', entries: own, maps }, raised(decoded));
}

function raised(parts: readonly Decoded[]): Mark[] {
  const marks = new Map<number, Mark>();
  for (const { marks: own } of parts) for (const mark of own) marks.set(mark.id, { ...mark, up: mark.up - 1 });
  // Outer marks have higher ids: combinators mark from the inside out.
  return Array.from(marks.values()).sort((one, other) => other.id - one.id);
}

function finished(node: Node, marks: readonly Mark[]): Decoded {
  const own = marks.filter(({ up }) => up === 0).sort((one, other) => one.id - other.id);
  return { node: own.reduce(within, node), marks: marks.filter(({ up }) => up > 0) };
}

function within(node: Node, { meaning }: Mark): Node {
  switch (meaning.kind) {
    case 'when':
      return { kind: 'when', condition: meaning.condition, node };
    case 'each':
      return { kind: 'each', list: meaning.list, variable: meaning.variable, node };
    case 'passed':
      return { kind: 'passed', expression: meaning.expression };
    case 'named':
      return { kind: 'named', name: meaning.name, node };
  }
}
