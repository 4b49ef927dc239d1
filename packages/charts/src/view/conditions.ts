import { Lazy } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { z } from 'zod';
import { unwrap } from '../schema/defaults';
import type { Expression } from './expression';
import { placeholders, type Mark } from './placeholders';
import { Symbolic } from './symbolic';
import { OpenPart } from './open-map';

/** Whether a value is one of cdk8s' classes that hold one of several types. */
const isUnionClass = (value: unknown): value is k8s.Quantity | k8s.IntOrString =>
  value instanceof k8s.Quantity || value instanceof k8s.IntOrString;

/**
 * A value in which each leaf is marked: what it says holds for the value as a whole.
 * @throws TypeError when there is no leaf to carry the mark
 */
export function marked(value: unknown, meaning: Mark['meaning']): unknown {
  if (!hasLeaf(value))
    throw new TypeError(
      'what is empty cannot be there on a condition or for each item, as nothing in it carries the condition: put an entry into it, or the condition on what is around it',
    );
  return markLeaves(value, placeholders().nextMark(), meaning, 0);
}

function hasLeaf(value: unknown): boolean {
  if (value === undefined || value === null) return false;
  if (Array.isArray(value)) return value.some(hasLeaf);
  return isPlainObject(value) ? Object.values(value).some(hasLeaf) : true;
}

function markLeaves(value: unknown, id: number, meaning: Mark['meaning'], up: number): unknown {
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) return value.map((item) => markLeaves(item, id, meaning, up + 1));
  if (isUnionClass(value)) return rewrapped(value, markLeaves(value.value, id, meaning, up));
  if (value instanceof OpenPart) return markLeaves(value.whole(), id, meaning, up);
  if (value instanceof Lazy) return Lazy.any({ produce: () => markLeaves(value.produce(), id, meaning, up) });
  if (isPlainObject(value)) {
    const entries = Object.entries(value).filter(([, child]) => child !== undefined);
    return Object.fromEntries(entries.map(([key, child]) => [key, markLeaves(child, id, meaning, up + 1)]));
  }
  if (typeof value === 'object' && !(value instanceof Symbolic))
    throw new TypeError(
      `an object of the class ${value.constructor.name} cannot be there on a condition or for each item: make plain data, and resources outside`,
    );
  const content = value instanceof Symbolic ? value.resolve() : value;
  return placeholders().issue({ kind: 'mark', mark: { id, up, meaning }, content });
}

function rewrapped(value: k8s.Quantity | k8s.IntOrString, content: unknown): unknown {
  return value instanceof k8s.Quantity
    ? k8s.Quantity.fromString(content as string)
    : k8s.IntOrString.fromString(content as string);
}

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' &&
  value !== null &&
  (Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null);

/** An object or text that stands for something taken over as it is: of the right form, so that cdk8s' classes keep it. */
export const passed = (expression: Expression, schema: z.core.$ZodType): unknown =>
  marked(skeleton(schema), { kind: 'passed', expression });

/** The least that has the form of a schema: for an object the first way down to a leaf. */
function skeleton(schema: z.core.$ZodType): unknown {
  const { schema: inner } = unwrap(schema);
  if (inner instanceof z.ZodArray) return [skeleton(inner.element)];
  if (inner instanceof z.ZodRecord) return { x: skeleton(inner.valueType) };
  if (!(inner instanceof z.ZodObject)) return 'x';
  const shape: Readonly<Record<string, z.core.$ZodType>> = inner.shape;
  const [first] = Object.entries(shape);
  if (first === undefined) throw new TypeError('an object without keys cannot be taken over');
  return { [first[0]]: skeleton(first[1]) };
}
