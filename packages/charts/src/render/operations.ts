import { truth, type Expression } from '../view/expression';
import type { MappingNode, Node, SequenceNode } from './node';
import { scalar } from '../yaml/scalar';
import { byRank } from '../yaml/key-order';

/** What printing a manifest takes, step by step: the same for every language it is printed in. Texts begin with the line break before them. */
export type Operation =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'hole'; readonly expression: Expression }
  | { readonly kind: 'flow'; readonly expression: Expression }
  | {
      readonly kind: 'if';
      readonly condition: Expression;
      readonly then: readonly Operation[];
      readonly otherwise?: readonly Operation[];
      readonly indent: string;
    }
  | {
      readonly kind: 'each';
      readonly list: Expression;
      readonly variable: Pick<Expression, 'js' | 'go'>;
      readonly body: readonly Operation[];
      readonly indent: string;
    }
  | {
      readonly kind: 'entries';
      readonly map: Expression;
      readonly asText: boolean;
      /** Keys that stand there already. */
      readonly except: readonly { readonly key: string | Expression; readonly condition?: Expression }[];
      /** Maps whose entries win. */
      readonly later: readonly Expression[];
      readonly indent: string;
    }
  /** Prints a list, or `[]` when its body prints no item. */
  | { readonly kind: 'list'; readonly body: readonly Operation[] }
  /** Stands before each item of such a list. */
  | { readonly kind: 'item' }
  /** Stands before each document, and prints what parts it from one before it in the same text. */
  | { readonly kind: 'parting' }
  | {
      readonly kind: 'named';
      readonly name: string;
      /** What the template of that name prints, without indentation. */
      readonly definition: readonly Operation[];
      /** The same where it stands. */
      readonly body: readonly Operation[];
      readonly indent: string;
    };

/** The operations of a manifest. */
export function operationsOf(manifest: Node): Operation[] {
  if (manifest.kind !== 'mapping') throw new TypeError('a manifest is a mapping');
  return mapping(withPrunedMetadata(manifest), '');
}

const text = (content: string): Operation => ({ kind: 'text', text: content });

const anyOf = (conditions: readonly Expression[]): Expression => {
  const [only] = conditions;
  if (conditions.length === 1 && only !== undefined) return only;
  return truth(`(${conditions.map(({ js }) => js).join('||')})`, `(or ${conditions.map(({ go }) => go).join(' ')})`);
};

const both = (one: Expression, other: Expression): Expression =>
  truth(`(${one.js}&&${other.js})`, `(and ${one.go} ${other.go})`);

const hasEntries = ({ layers, js, go }: Expression): Expression =>
  layers === undefined ? truth(`f.hasEntries(${js})`, `(not (empty ${go}))`) : anyOf(layers.map(hasEntries));

const hasItemsOrEntries = (expression: Expression): Expression =>
  expression.type === 'list' ? hasItems(expression) : hasEntries(expression);

const hasItems = ({ js, go }: Expression): Expression => truth(`(${js}.length>0)`, `(not (empty ${go}))`);

/** Whether a loop has an item depends on conditions inside it, which no expression can tell. */
const hasConditionalItems = (node: Node): boolean =>
  node.kind === 'when' || node.kind === 'named'
    ? hasConditionalItems(node.node)
    : node.kind === 'each' && (presence(node.node) !== undefined || hasConditionalItems(node.node));

/** When a node is there at all; undefined when it always is. What an open map is a part of is left out when it is empty. */
function presence(node: Node): Expression | undefined {
  switch (node.kind) {
    case 'when': {
      const inner = presence(node.node);
      return inner === undefined ? node.condition : both(node.condition, inner);
    }
    case 'each':
      return hasItems(node.list);
    case 'named':
      return presence(node.node);
    case 'mapping': {
      if (node.maps.length === 0 || node.maps.some(({ isCopied }) => isCopied)) return undefined;
      const conditions = entryConditions(node);
      return conditions === undefined ? undefined : anyOf(conditions);
    }
    default:
      return undefined;
  }
}

/** The key of an entry, with what stands before and behind it. */
const keyOperations = (key: string | Expression, lead: string): Operation[] =>
  typeof key === 'string'
    ? [text(`${lead}${scalar(key)}:`)]
    : [text(lead), { kind: 'hole', expression: key }, text(':')];

function entryOperations(key: string | Expression, node: Node, indent: string, lead = `\n${indent}`): Operation[] {
  if (node.kind === 'when') {
    return [{ kind: 'if', condition: node.condition, then: entryOperations(key, node.node, indent), indent }];
  }
  const condition = presence(node);
  const operations = [...keyOperations(key, lead), ...value(node, indent)];
  return condition === undefined ? operations : [{ kind: 'if', condition, then: operations, indent }];
}

/** The entries of a mapping, each on a line of its own; the first behind `lead` when one is given. */
function mapping(node: MappingNode, indent: string, lead?: string): Operation[] {
  const byKey = [...node.entries].sort((one, other) =>
    typeof one.key === 'string' && typeof other.key === 'string'
      ? byRank(one.key, other.key)
      : Number(typeof one.key !== 'string') - Number(typeof other.key !== 'string'),
  );
  const first = lead === undefined ? undefined : byKey.find((entry) => presence(entry.node) === undefined);
  const ordered = first === undefined ? byKey : [first, ...byKey.filter((entry) => entry !== first)];
  const operations = ordered.flatMap(({ key, node: child }) =>
    entryOperations(key, child, indent, first?.key === key ? lead : undefined),
  );
  const except = ordered.map(({ key, node: child }) => {
    const condition = presence(child);
    return { key, ...(condition === undefined ? {} : { condition }) };
  });
  for (const { expression, asText } of node.maps) {
    const layers = expression.layers ?? [expression];
    layers.forEach((map, index) => {
      operations.push({ kind: 'entries', map, asText, except, later: layers.slice(index + 1), indent });
    });
  }
  return operations;
}

/** What stands behind a key or a dash. */
function value(node: Node, indent: string): Operation[] {
  switch (node.kind) {
    case 'literal':
      return [text(` ${scalar(node.value)}`)];
    case 'hole':
      return [text(' '), { kind: 'hole', expression: node.expression }];
    case 'passed':
      return [text(' '), { kind: 'flow', expression: node.expression }];
    case 'mapping':
      return mappingValue(node, `${indent}  `);
    case 'sequence':
      return sequenceValue(node, indent);
    case 'named':
      if (node.node.kind !== 'mapping')
        throw new TypeError(`${node.name}: only a mapping can have a template of its own`);
      return orEmpty(node.node, `${indent}  `, [
        {
          kind: 'named',
          name: node.name,
          definition: mapping(node.node, ''),
          body: mapping(node.node, `${indent}  `),
          indent: `${indent}  `,
        },
      ]);
    default:
      throw new TypeError(`${node.kind} cannot stand behind a key`);
  }
}

function mappingValue(node: MappingNode, indent: string): Operation[] {
  return orEmpty(node, indent, mapping(node, indent));
}

/** What prints a mapping, or `{}` when none of its entries is there. A mapping of nothing but open maps is left out with its key then. */
function orEmpty(node: MappingNode, indent: string, body: Operation[]): Operation[] {
  if (node.entries.length === 0 && node.maps.length === 0) return [text(' {}')];
  const conditions = entryConditions(node);
  if (conditions === undefined) return body;
  if (node.maps.length > 0) {
    const [copied] = node.maps.filter(({ isCopied }) => isCopied);
    if (copied === undefined) return body;
    throw new Error(
      `the open map ${copied.expression.js} was copied into another object, of which it is not known whether it is left out when the map is empty: use map or merge as a whole`,
    );
  }
  return [{ kind: 'if', condition: anyOf(conditions), then: body, otherwise: [text(' {}')], indent }];
}

/** When a mapping has an entry; undefined when it always has one. */
function entryConditions(node: MappingNode): Expression[] | undefined {
  const conditions = [
    ...node.entries.map((entry) => presence(entry.node)),
    ...node.maps.map(({ expression }) => hasEntries(expression)),
  ];
  return conditions.some((condition) => condition === undefined) ? undefined : (conditions as Expression[]);
}

function sequenceValue(node: SequenceNode, indent: string): Operation[] {
  if (node.items.length === 0) return [text(' []')];
  const conditions = node.items.map(presence);
  if (conditions.every((condition) => condition !== undefined) && node.items.some(hasConditionalItems))
    return [{ kind: 'list', body: node.items.flatMap((item) => itemOperations(item, indent, [{ kind: 'item' }])) }];
  const body = node.items.flatMap((item) => itemOperations(item, indent));
  if (conditions.some((condition) => condition === undefined)) return body;
  return [{ kind: 'if', condition: anyOf(conditions as Expression[]), then: body, otherwise: [text(' []')], indent }];
}

/** @param before what stands before each item */
function itemOperations(node: Node, indent: string, before: readonly Operation[] = []): Operation[] {
  const dash = `\n${indent}-`;
  switch (node.kind) {
    case 'when':
      return [{ kind: 'if', condition: node.condition, then: itemOperations(node.node, indent, before), indent }];
    case 'each': {
      const body = itemOperations(node.node, indent, before);
      return [{ kind: 'each', list: node.list, variable: node.variable, body, indent }];
    }
    case 'sequence':
      return [...before, text(dash), ...sequenceValue(node, `${indent}  `)];
    case 'mapping':
      if (node.entries.some((entry) => presence(entry.node) === undefined))
        return [...before, ...mapping(node, `${indent}  `, `${dash} `)];
      return whenThere(node, [...before, text(dash), ...value(node, indent)], indent);
    default:
      return whenThere(node, [...before, text(dash), ...value(node, indent)], indent);
  }
}

/** What is printed only when the node is there. */
function whenThere(node: Node, then: Operation[], indent: string): Operation[] {
  const condition = presence(node);
  return condition === undefined ? then : [{ kind: 'if', condition, then, indent }];
}

/** cdk8s leaves empty mappings and lists out of metadata, at any depth. */
function withPrunedMetadata(manifest: MappingNode): MappingNode {
  return {
    ...manifest,
    entries: manifest.entries.map((entry) =>
      entry.key === 'metadata' && entry.node.kind === 'mapping' ? { ...entry, node: prunedMapping(entry.node) } : entry,
    ),
  };
}

const prunedMapping = (node: MappingNode): MappingNode => ({
  ...node,
  entries: node.entries.flatMap((entry) => {
    const child = pruned(entry.node);
    return child === undefined ? [] : [{ ...entry, node: child }];
  }),
});

/** A node that is left out when it is empty; undefined when it always is. */
function pruned(node: Node): Node | undefined {
  if (node.kind === 'when') {
    const inner = pruned(node.node);
    return inner === undefined ? undefined : { ...node, node: inner };
  }
  if (node.kind === 'named') {
    const inner = pruned(node.node);
    if (inner === undefined) return undefined;
    return inner.kind === 'when' ? { ...inner, node: { ...node, node: inner.node } } : { ...node, node: inner };
  }
  if (node.kind === 'passed' && ['list', 'map'].includes(node.expression.type))
    return { kind: 'when', condition: hasItemsOrEntries(node.expression), node };
  if (node.kind === 'sequence') {
    if (node.items.length === 0) return undefined;
    const conditions = node.items.map(presence);
    if (conditions.every((condition) => condition !== undefined) && node.items.some(hasConditionalItems))
      throw new Error(
        'a list in metadata is left out when it is empty, which a loop over items that are there on a condition cannot tell: add an item that is always there',
      );
    return conditions.some((condition) => condition === undefined)
      ? node
      : { kind: 'when', condition: anyOf(conditions as Expression[]), node };
  }
  if (node.kind !== 'mapping') return node;
  const inner = prunedMapping(node);
  if (inner.entries.length === 0 && inner.maps.length === 0) return undefined;
  // In metadata what was copied is left out like what was not.
  if (inner.maps.length > 0) return { ...inner, maps: inner.maps.map((map) => ({ ...map, isCopied: false })) };
  const conditions = entryConditions(inner);
  return conditions === undefined ? inner : { kind: 'when', condition: anyOf(conditions), node: inner };
}
