import { truth, type Expression } from '../view/expression';
import type { MappingNode, Node, SequenceNode } from './node';
import { scalar } from './scalar';
import { byRank } from './yaml';

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
      readonly variable: string;
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

const hasItems = ({ js, go }: Expression): Expression => truth(`(${js}.length>0)`, `(not (empty ${go}))`);

/** When a node is there at all; undefined when it always is. */
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
    default:
      return undefined;
  }
}

/** When an entry of a mapping is there: a map of nothing but open maps is left out when they are empty. */
function entryPresence(node: Node): Expression | undefined {
  const own = presence(node);
  if (own !== undefined) return own;
  const inner = node.kind === 'named' ? node.node : node;
  if (inner.kind === 'mapping' && inner.entries.length === 0 && inner.maps.length > 0)
    return anyOf(inner.maps.map(({ expression }) => hasEntries(expression)));
  return undefined;
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
  const condition = entryPresence(node);
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
  const first = lead === undefined ? undefined : byKey.find((entry) => entryPresence(entry.node) === undefined);
  const ordered = first === undefined ? byKey : [first, ...byKey.filter((entry) => entry !== first)];
  const operations = ordered.flatMap(({ key, node: child }) =>
    entryOperations(key, child, indent, first?.key === key ? lead : undefined),
  );
  const except = ordered.map(({ key, node: child }) => {
    const condition = entryPresence(child);
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
  if (conditions === undefined || node.entries.length === 0) return body;
  return [{ kind: 'if', condition: anyOf(conditions), then: body, otherwise: [text(' {}')], indent }];
}

/** When a mapping has an entry; undefined when it always has one. */
function entryConditions(node: MappingNode): Expression[] | undefined {
  const conditions = [
    ...node.entries.map((entry) => entryPresence(entry.node)),
    ...node.maps.map(({ expression }) => hasEntries(expression)),
  ];
  return conditions.some((condition) => condition === undefined) ? undefined : (conditions as Expression[]);
}

function sequenceValue(node: SequenceNode, indent: string): Operation[] {
  if (node.items.length === 0) return [text(' []')];
  const body = node.items.flatMap((item) => itemOperations(item, indent));
  const conditions = node.items.map(presence);
  if (conditions.some((condition) => condition === undefined)) return body;
  return [{ kind: 'if', condition: anyOf(conditions as Expression[]), then: body, otherwise: [text(' []')], indent }];
}

function itemOperations(node: Node, indent: string): Operation[] {
  const dash = `\n${indent}-`;
  switch (node.kind) {
    case 'when':
      return [{ kind: 'if', condition: node.condition, then: itemOperations(node.node, indent), indent }];
    case 'each':
      return [
        { kind: 'each', list: node.list, variable: node.variable, body: itemOperations(node.node, indent), indent },
      ];
    case 'sequence':
      return [text(dash), ...sequenceValue(node, `${indent}  `)];
    case 'mapping':
      if (node.entries.some((entry) => entryPresence(entry.node) === undefined))
        return mapping(node, `${indent}  `, `${dash} `);
      return [text(dash), ...value(node, indent)];
    default:
      return [text(dash), ...value(node, indent)];
  }
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
  if (node.kind === 'sequence') {
    if (node.items.length === 0) return undefined;
    const conditions = node.items.map(presence);
    return conditions.some((condition) => condition === undefined)
      ? node
      : { kind: 'when', condition: anyOf(conditions as Expression[]), node };
  }
  if (node.kind !== 'mapping') return node;
  const inner = prunedMapping(node);
  if (inner.entries.length === 0 && inner.maps.length === 0) return undefined;
  const conditions = inner.maps.length > 0 && inner.entries.length === 0 ? undefined : entryConditions(inner);
  return conditions === undefined ? inner : { kind: 'when', condition: anyOf(conditions), node: inner };
}
