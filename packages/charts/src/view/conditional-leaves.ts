import { Lazy } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { z } from 'zod';
import { unwrap } from '../schema/defaults';
import type { Expression } from './expression';
import { OpenPart } from './maps';
import { type Mark, placeholders } from './placeholders';
import { Symbolic } from './symbolic';

/** @throws TypeError when there is no leaf, or a part is a class that is not plain data */
export function marked(value: unknown, meaning: Mark['meaning']): unknown {
  if (!hasLeaf(value))
    throw new TypeError(
      'an empty value cannot depend on a condition or a list: nothing in it carries the condition. Fix: put an entry into it, or the condition on what is around it',
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
  if (value instanceof k8s.Quantity) return k8s.Quantity.fromString(markLeaves(value.value, id, meaning, up) as string);
  if (value instanceof k8s.IntOrString)
    return k8s.IntOrString.fromString(markLeaves(value.value, id, meaning, up) as string);
  if (value instanceof OpenPart) return markLeaves(value.whole(), id, meaning, up);
  if (value instanceof Lazy) return Lazy.any({ produce: () => markLeaves(value.produce(), id, meaning, up) });
  if (isPlainObject(value)) {
    const entries = Object.entries(value).filter(([, child]) => child !== undefined);
    return Object.fromEntries(entries.map(([key, child]) => [key, markLeaves(child, id, meaning, up + 1)]));
  }
  if (typeof value === 'object' && !(value instanceof Symbolic))
    throw new TypeError(
      `an object of the class ${value.constructor.name} cannot depend on a condition or a list. Fix: use plain data, and make resources outside`,
    );
  const content = value instanceof Symbolic ? value.resolve() : value;
  return placeholders().issue({ kind: 'mark', mark: { id, up, meaning }, content });
}

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' &&
  value !== null &&
  (Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null);

export const passed = (expression: Expression, schema: z.core.$ZodType): unknown =>
  marked(skeleton(schema), { kind: 'passed', expression });

function skeleton(schema: z.core.$ZodType): unknown {
  const { schema: inner } = unwrap(schema);
  if (inner instanceof z.ZodArray) return [skeleton(inner.element)];
  if (inner instanceof z.ZodRecord) return { x: skeleton(inner.valueType) };
  if (!(inner instanceof z.ZodObject)) return 'x';
  const shape: Readonly<Record<string, z.core.$ZodType>> = inner.shape;
  const [first] = Object.entries(shape);
  if (first === undefined) throw new TypeError('an object without keys cannot be printed as a whole');
  return { [first[0]]: skeleton(first[1]) };
}
