import type { Expression } from '../view/expression';

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
      readonly except: readonly { readonly key: string | Expression; readonly condition?: Expression }[];
      readonly later: readonly Expression[];
      readonly indent: string;
    }
  | { readonly kind: 'list'; readonly body: readonly Operation[] }
  | { readonly kind: 'item' }
  | { readonly kind: 'document' }
  | {
      readonly kind: 'named';
      readonly name: string;
      readonly definition: readonly Operation[];
      readonly body: readonly Operation[];
      readonly indent: string;
    };

export function expressionsOf(operation: Operation): readonly Expression[] {
  switch (operation.kind) {
    case 'hole':
    case 'flow':
      return [operation.expression];
    case 'if':
      return [operation.condition];
    case 'each':
      return [operation.list];
    case 'entries':
      return [
        operation.map,
        ...operation.later,
        ...operation.except.flatMap(({ key, condition }) => [
          ...(typeof key === 'string' ? [] : [key]),
          ...(condition === undefined ? [] : [condition]),
        ]),
      ];
    default:
      return [];
  }
}

export function bodiesOf(operation: Operation): readonly (readonly Operation[])[] {
  switch (operation.kind) {
    case 'if':
      return [operation.then, operation.otherwise ?? []];
    case 'each':
    case 'list':
    case 'named':
      return [operation.body];
    default:
      return [];
  }
}

const TEXT = /"(?:[^"\\]|\\.)*"/g;
const VARIABLE = /\$[A-Za-z]+\d*_\d+/g;

/** @throws Error when an operation uses an item outside of its loop */
export function expectInScope(
  operations: readonly Operation[],
  construct: string,
  variables: readonly string[] = [],
): void {
  for (const operation of operations) {
    for (const expression of expressionsOf(operation)) expectDeclared(expression, construct, variables);
    const inside = operation.kind === 'each' ? [...variables, operation.variable.js] : variables;
    for (const body of bodiesOf(operation)) expectInScope(body, construct, inside);
  }
}

/** @throws Error when an expression uses an item outside of its loop */
export function expectDeclared({ js, go }: Expression, construct: string, variables: readonly string[] = []): void {
  for (const [variable] of js.replace(TEXT, '""').matchAll(VARIABLE))
    if (!variables.includes(variable))
      throw new Error(`${construct}: ${go} is an item of a list. Fix: use it only inside the each that passes it`);
}
