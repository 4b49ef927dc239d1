import { z } from 'zod';
import type { Expression } from './expression';
import { inLoop, itemSchema } from './lists';
import { expressionOf, isSymbolic, symbol, symbolicView } from './symbolic';
import { type Bool, type Leaf, type List, type OpenMap, opened } from './view';

/** Of a path: a key or an index, which a loop may give. */
export type Step = string | number;

/** Values that a rule refuses, or a loop over them. */
export type Check =
  | {
      readonly kind: 'refusal';
      readonly condition: Bool;
      readonly path: readonly Step[];
      readonly message: string;
      readonly code?: string;
    }
  | {
      readonly kind: 'loop';
      readonly of: Expression;
      readonly key: Pick<Expression, 'js' | 'go'>;
      readonly item: Pick<Expression, 'js' | 'go'>;
      readonly body: readonly Check[];
    };

/** A rule over several values: what it refuses of a view. */
export type Checks<V> = (view: V) => readonly Check[];

/**
 * Refuses the values if the condition holds.
 * @param path of the value to change
 * @param message without the path, and without a secret: Helm prints it as it is
 * @param code for programs
 */
export const refuse = (condition: Bool, path: readonly Step[], message: string, code?: string): Check[] =>
  isSymbolic(condition) || opened<boolean>(condition)
    ? [{ kind: 'refusal', condition, path, message, ...(code === undefined ? {} : { code }) }]
    : [];

/** Checks each item of a list. Read items only inside `check`. */
export function checkEach<T>(all: List<T>, check: (item: Leaf<T>, index: number) => readonly Check[]): Check[] {
  if (!isSymbolic(all)) return opened<Leaf<T>[]>(all).flatMap((item, index) => check(item, index));
  return loopOver(expressionOf(all), itemSchema(expressionOf(all)), 'number', (item, key) =>
    check(opened<Leaf<T>>(item), opened<number>(key)),
  );
}

/** Checks each entry of a map. */
export function checkEntries<T>(open: OpenMap<T>, check: (key: string, value: Leaf<T>) => readonly Check[]): Check[] {
  if (!isSymbolic(open))
    return Object.entries(opened<Record<string, Leaf<T>>>(open)).flatMap(([key, value]) => check(key, value));
  const of = expressionOf(open);
  const { schema } = of;
  if (!(schema instanceof z.ZodRecord)) throw new TypeError(`${of.js} is not a z.record`);
  return loopOver(of, schema.valueType, 'text', (value, key) => check(opened<string>(key), opened<Leaf<T>>(value)));
}

function loopOver(
  of: Expression,
  schema: z.core.$ZodType,
  keyType: 'number' | 'text',
  check: (item: unknown, key: unknown) => readonly Check[],
): Check[] {
  const keyOf = ({ js, go }: Pick<Expression, 'js' | 'go'>) => ({ js: `${js}Key`, go: `${go}Key` });
  const { body, variable } = inLoop(of, (item) =>
    check(symbolicView(schema, { ...item, isInside: true }), symbol({ type: keyType, ...keyOf(item) })),
  );
  return [{ kind: 'loop', of, key: keyOf(variable), item: variable, body }];
}
