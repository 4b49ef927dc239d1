import type { Expression } from '../view/expression';

/** A manifest of which some parts are known only when the chart is used. */
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
  /** Open maps whose entries the mapping has too; those of `entries` win. */
  readonly maps: readonly { readonly expression: Expression; readonly asText: boolean; readonly isCopied: boolean }[];
}

export interface SequenceNode {
  readonly kind: 'sequence';
  readonly items: readonly Node[];
}
