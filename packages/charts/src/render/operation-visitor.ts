import type { Expression } from '../view/expression';
import type { Operation } from './operations';

/** The expressions of an operation itself. */
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

/** The operations inside an operation. */
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
