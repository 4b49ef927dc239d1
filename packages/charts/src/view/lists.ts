import { z } from 'zod';
import { unwrap } from '../schema/defaults';
import { concreteBool, not, symbolicBool } from './conditions';
import { marked, passed } from './conditional-leaves';
import { type Expression, literal } from './expression';
import { call, HAS_ITEM } from './functions';
import { placeholders } from './placeholders';
import { expectWhole, expressionOf, isSymbolic, type ValuePath, symbolicView } from './symbolic';
import { type Bool, type Leaf, type List, opened } from './view';
import { when } from './when';

/** True when a list has no items. */
export function isEmpty(all: List<unknown>): Bool {
  if (!isSymbolic(all)) return concreteBool(opened<unknown[]>(all).length === 0);
  const { js, go } = expressionOf(all);
  return symbolicBool(`(${js}.length===0)`, `(empty ${go})`);
}

/**
 * True when an item has this text under this key.
 * @throws TypeError when the items have no such key, or a default for it
 */
export function hasItem<T, K extends keyof T & string>(all: List<T>, key: K, value: T[K] & string): Bool {
  if (!isSymbolic(all)) return concreteBool(opened<T[]>(all).some((item) => item[key] === value));
  const list = expressionOf(all);
  const { schema: item } = unwrap(itemSchema(list));
  const child = item instanceof z.ZodObject ? (item.shape[key] as z.core.$ZodType | undefined) : undefined;
  if (child === undefined || unwrap(child).default !== undefined)
    throw new TypeError(
      `hasItem(${list.js}, ${key}): Helm fills in no defaults of items. Fix: take a key of the items that has none`,
    );
  const { js, go } = call(HAS_ITEM, [list, literal(key), expressionOf(value)]);
  return symbolicBool(js, `(eq ${go} "true")`);
}

export const itemSchema = ({ schema }: Expression): z.core.$ZodType => {
  if (schema === undefined) throw new TypeError('a list without a schema of its items');
  return schema;
};

/** Builds each item, and drops empty results. Read items only inside `build`, and make no resources there. */
export function each<T, R>(all: List<T>, build: (item: Leaf<T>) => R): R[] {
  if (!isSymbolic(all))
    return opened<Leaf<T>[]>(all)
      .map(build)
      .filter((item) => item !== undefined && item !== null);
  const list = expressionOf(all);
  const { body, variable } = inLoop(list, (item) =>
    build(opened<Leaf<T>>(symbolicView(itemSchema(list), { ...item, isInside: true }))),
  );
  return [opened<R>(marked(body, { kind: 'each', list, variable }))];
}

/**
 * Items to spread into another list.
 * @throws TypeError when items have defaults, which Helm does not fill in here
 */
export function spread<T>(all: List<T>): T[] {
  if (!isSymbolic(all)) return opened<T[]>(all);
  const list = expressionOf(all);
  expectWhole(itemSchema(list), `${list.js}[]`);
  const { body, variable } = inLoop(list, (item) => passed({ type: 'object', ...item }, itemSchema(list)));
  return [opened<T>(marked(body, { kind: 'each', list, variable }))];
}

/** A whole list, absent when empty. Throws as `spread` does. */
export function list<T>(all: List<T>): T[] | undefined {
  const items = spread(all);
  if (isSymbolic(all)) return when(not(isEmpty(all)), items);
  return items.length > 0 ? items : undefined;
}

const RESERVED = ['$key', '$value', '$any'];

/** A number in the JavaScript variable prevents use of the item in another loop. */
export function inLoop<T>(
  list: Expression,
  build: (variable: ValuePath) => T,
): { body: T; variable: Pick<Expression, 'js' | 'go'> } {
  const { loops } = placeholders();
  const name = /([A-Za-z]+)\W*$/.exec(list.js)?.[1] ?? 'item';
  const single = /[^s]s$/.test(name) ? name.replace(/ies$/, 'ys').slice(0, -1) : `${name}Item`;
  let go = RESERVED.includes(`$${single}`) ? `$${single}Item` : `$${single}`;
  const first = go;
  for (let count = 2; loops.includes(go); count += 1) go = `${first}${String(count)}`;
  const variable = { js: `${go}_${String(placeholders().nextMark())}`, go };
  loops.push(go);
  try {
    return { body: build(variable), variable };
  } finally {
    loops.pop();
  }
}
