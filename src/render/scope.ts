import type { Expression } from '../view/expression';
import type { Operation } from './operation';

const TEXT = /"(?:[^"\\]|\\.)*"/g;
const VARIABLE = /\$[A-Za-z]+\d*_\d+/g;

/** @throws Error when an item of a list is used outside of the loop over it */
export function expectInScope(
  operations: readonly Operation[],
  construct: string,
  known: readonly string[] = [],
): void {
  for (const operation of operations) {
    for (const expression of expressionsOf(operation)) expectKnown(expression, construct, known);
    if (operation.kind === 'each') expectInScope(operation.body, construct, [...known, operation.variable.js]);
    else if (operation.kind === 'list' || operation.kind === 'named') expectInScope(operation.body, construct, known);
    else if (operation.kind === 'if') {
      expectInScope(operation.then, construct, known);
      expectInScope(operation.otherwise ?? [], construct, known);
    }
  }
}

/** The same for one expression. */
export function expectKnown({ js, go }: Expression, construct: string, known: readonly string[] = []): void {
  for (const [variable] of js.replace(TEXT, '""').matchAll(VARIABLE))
    if (!known.includes(variable))
      throw new Error(`${construct}: ${go} is an item of a list, and is known only inside the each that gives it`);
}

function expressionsOf(operation: Operation): readonly Expression[] {
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
