import type { Expression } from '../view/expression';
import { byRank } from '../yaml/emitter';
import { scalar } from '../yaml/scalar';
import type { MappingNode, Node, SequenceNode } from './decode';
import type { Operation } from './ir';
import { hasAnyEntry, hasAnyItem, hasConditionalLoop, presence } from './presence';
import { withPrunedMetadata } from './prune-metadata';

export function lower(manifest: Node): Operation[] {
  if (manifest.kind !== 'mapping') throw new TypeError('a manifest must be a mapping');
  return mapping(withPrunedMetadata(manifest), '');
}

const text = (content: string): Operation => ({ kind: 'text', text: content });

function mapping(node: MappingNode, indent: string, lead?: string): Operation[] {
  const byKey = [...node.entries].sort((one, other) =>
    typeof one.key === 'string' && typeof other.key === 'string'
      ? byRank(one.key, other.key)
      : Number(typeof one.key !== 'string') - Number(typeof other.key !== 'string'),
  );
  const first = lead === undefined ? undefined : byKey.find((entry) => presence(entry.node) === undefined);
  const ordered = first === undefined ? byKey : [first, ...byKey.filter((entry) => entry !== first)];
  const operations = ordered.flatMap(({ key, node: child }) =>
    entry(key, child, indent, first?.key === key ? lead : undefined),
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

function entry(key: string | Expression, node: Node, indent: string, lead = `\n${indent}`): Operation[] {
  if (node.kind === 'when')
    return [{ kind: 'if', condition: node.condition, then: entry(key, node.node, indent), indent }];
  const name: Operation[] =
    typeof key === 'string'
      ? [text(`${lead}${scalar(key)}:`)]
      : [text(lead), { kind: 'hole', expression: key }, text(':')];
  return ifPresent(node, [...name, ...value(node, indent)], indent);
}

function value(node: Node, indent: string): Operation[] {
  switch (node.kind) {
    case 'literal':
      return [text(` ${scalar(node.value)}`)];
    case 'hole':
      return [text(' '), { kind: 'hole', expression: node.expression }];
    case 'passed':
      return [text(' '), { kind: 'flow', expression: node.expression }];
    case 'mapping':
      return orEmpty(node, `${indent}  `, mapping(node, `${indent}  `));
    case 'sequence':
      return sequence(node, indent);
    case 'named':
      if (node.node.kind !== 'mapping') throw new TypeError(`${node.name}: named takes a mapping`);
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
      throw new TypeError(`${node.kind} cannot be the value of a key`);
  }
}

function orEmpty(node: MappingNode, indent: string, body: Operation[]): Operation[] {
  if (node.entries.length === 0 && node.maps.length === 0) return [text(' {}')];
  const condition = hasAnyEntry(node);
  if (condition === undefined) return body;
  if (node.maps.length > 0) {
    const [copied] = node.maps.filter(({ isCopied }) => isCopied);
    if (copied === undefined) return body;
    throw new Error(
      `the open map ${copied.expression.js} was copied into another object, which may or may not exist when the map is empty. Fix: use map or merge as a whole`,
    );
  }
  return [{ kind: 'if', condition, then: body, otherwise: [text(' {}')], indent }];
}

function sequence(node: SequenceNode, indent: string): Operation[] {
  if (node.items.length === 0) return [text(' []')];
  if (hasConditionalLoop(node))
    return [{ kind: 'list', body: node.items.flatMap((each) => item(each, indent, [{ kind: 'item' }])) }];
  const body = node.items.flatMap((each) => item(each, indent));
  const condition = hasAnyItem(node);
  return condition === undefined ? body : [{ kind: 'if', condition, then: body, otherwise: [text(' []')], indent }];
}

function item(node: Node, indent: string, before: readonly Operation[] = []): Operation[] {
  const dash = `\n${indent}-`;
  switch (node.kind) {
    case 'when':
      return [{ kind: 'if', condition: node.condition, then: item(node.node, indent, before), indent }];
    case 'each':
      return [
        { kind: 'each', list: node.list, variable: node.variable, body: item(node.node, indent, before), indent },
      ];
    case 'sequence':
      return [...before, text(dash), ...sequence(node, `${indent}  `)];
    case 'mapping':
      if (node.entries.some((each) => presence(each.node) === undefined))
        return [...before, ...mapping(node, `${indent}  `, `${dash} `)];
      return ifPresent(node, [...before, text(dash), ...value(node, indent)], indent);
    default:
      return ifPresent(node, [...before, text(dash), ...value(node, indent)], indent);
  }
}

function ifPresent(node: Node, then: Operation[], indent: string): Operation[] {
  const condition = presence(node);
  return condition === undefined ? then : [{ kind: 'if', condition, then, indent }];
}
