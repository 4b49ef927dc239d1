import type { Expression } from '../view/expression';
import type { Operation } from './operations';
import { bodiesOf, expressionsOf } from './operation-visitor';

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
    const inside = operation.kind === 'each' ? [...known, operation.variable.js] : known;
    for (const body of bodiesOf(operation)) expectInScope(body, construct, inside);
  }
}

/** The same for one expression. */
export function expectKnown({ js, go }: Expression, construct: string, known: readonly string[] = []): void {
  for (const [variable] of js.replace(TEXT, '""').matchAll(VARIABLE))
    if (!known.includes(variable))
      throw new Error(`${construct}: ${go} is an item of a list, and is known only inside the each that gives it`);
}
