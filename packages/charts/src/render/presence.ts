import { type Expression, truth } from '../view/expression';
import type { MappingNode, Node, SequenceNode } from './decode';

export const anyOf = (conditions: readonly Expression[]): Expression => {
  const [only] = conditions;
  if (conditions.length === 1 && only !== undefined) return only;
  return truth(`(${conditions.map(({ js }) => js).join('||')})`, `(or ${conditions.map(({ go }) => go).join(' ')})`);
};

const both = (one: Expression, other: Expression): Expression =>
  truth(`(${one.js}&&${other.js})`, `(and ${one.go} ${other.go})`);

const hasEntries = ({ layers, js, go }: Expression): Expression =>
  layers === undefined ? truth(`f.hasEntries(${js})`, `(not (empty ${go}))`) : anyOf(layers.map(hasEntries));

const hasItems = ({ js, go }: Expression): Expression => truth(`(${js}.length>0)`, `(not (empty ${go}))`);

export const isNotEmpty = (expression: Expression): Expression =>
  expression.type === 'list' ? hasItems(expression) : hasEntries(expression);

/** `undefined` means: no condition. */
export function presence(node: Node): Expression | undefined {
  switch (node.kind) {
    case 'when': {
      const inner = presence(node.node);
      return inner === undefined ? node.condition : both(node.condition, inner);
    }
    case 'each':
      return hasItems(node.list);
    case 'named':
      return presence(node.node);
    case 'mapping':
      return node.maps.length === 0 || node.maps.some(({ isCopied }) => isCopied) ? undefined : hasAnyEntry(node);
    default:
      return undefined;
  }
}

export const hasAnyEntry = (node: MappingNode): Expression | undefined =>
  anyUnlessAlways([
    ...node.entries.map((entry) => presence(entry.node)),
    ...node.maps.map(({ expression }) => hasEntries(expression)),
  ]);

export const hasAnyItem = (node: SequenceNode): Expression | undefined => anyUnlessAlways(node.items.map(presence));

const anyUnlessAlways = (conditions: readonly (Expression | undefined)[]): Expression | undefined => {
  const defined = conditions.filter((condition) => condition !== undefined);
  return defined.length < conditions.length ? undefined : anyOf(defined);
};

/** True if only printing shows whether the sequence is empty. */
export const hasConditionalLoop = (node: SequenceNode): boolean =>
  hasAnyItem(node) !== undefined && node.items.some(isConditionalLoop);

const isConditionalLoop = (node: Node): boolean =>
  node.kind === 'when' || node.kind === 'named'
    ? isConditionalLoop(node.node)
    : node.kind === 'each' && (presence(node.node) !== undefined || isConditionalLoop(node.node));
