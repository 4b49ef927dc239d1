import { k8s } from 'cdk8s-plus-28';
import { ApiObject } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import { z } from 'zod';
import { unwrap } from '../schema/defaults';
import { asText, type Expression, goText, literal, truth } from './expression';
import { call, HAS_ITEM } from './functions';
import { marked, passed } from './conditions';
import { OpenPart } from './open-map';
import { isBuildingChart, placeholders } from './placeholders';
import {
  expectWhole,
  expressionOf,
  isSymbolic,
  isUnknown,
  type Source,
  symbol,
  Symbolic,
  symbolicView,
  symbolOf,
} from './symbolic';
import type { Bool, Choice, Leaf, List, OpenMap, Optional, Scalar } from './view';

/** What decides about the shape of objects, for values that are known and for symbols of values that are not. */

// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the one place where a view is opened
const plain = <T>(value: unknown): T => value as T;

const truthOf = (value: unknown): Bool => value as Bool;

const symbolicTruth = (js: string, go: string): Bool => truthOf(new Symbolic(truth(js, go)));

/** A value, or what makes it: for what can only be made when the condition holds. */
type Lazy<T> = T | (() => T);

const made = <T>(value: Lazy<T>): T => (typeof value === 'function' ? (value as () => T)() : value);

const whenPresent = <T>(condition: Bool, value: Lazy<T>): T | undefined => {
  if (isSymbolic(condition)) return plain<T>(marked(made(value), { kind: 'when', condition: expressionOf(condition) }));
  return plain<boolean>(condition) ? made(value) : undefined;
};

/**
 * `when(condition, value)` is the value if the condition holds, otherwise nothing: for the value of a key.
 * `[first, ...when.item(condition, second)]` is the same for an item of a list, `{...always, ...when.entries(condition, more)}` for a map.
 * A value that cannot be made unless the condition holds is given as a function: `when(isSet(v.limits), () => present(v.limits).cpu)`.
 */
export const when = Object.assign(whenPresent, {
  item: <T>(condition: Bool, value: Lazy<T>): T[] => {
    const item = whenPresent(condition, value);
    return item === undefined ? [] : [item];
  },
  entries: <T>(condition: Bool, entries: Record<string, T>): Record<string, T> =>
    Object.fromEntries(
      Object.entries(entries).flatMap(([key, value]) => {
        const shown = whenPresent(condition, value);
        return shown === undefined ? [] : [[key, shown] as const];
      }),
    ),
});

/** Conditions of whole resources, by resource. The outermost comes first. */
const conditions = new WeakMap<ApiObject, Expression[]>();

/** On which conditions a resource is there. */
export const conditionsOf = (resource: ApiObject): readonly Expression[] => conditions.get(resource) ?? [];

/**
 * Makes the resources that `build` makes if the condition holds, wherever it makes them.
 * @throws Error when it changes a resource that is there without the condition
 */
export function include(scope: Construct, condition: Bool, build: () => void): void {
  if (!isSymbolic(condition)) {
    if (plain<boolean>(condition)) build();
    return;
  }
  const expression = expressionOf(condition);
  if (loops.length > 0)
    throw new Error(`${scope.node.path}: include stands in each, but a chart cannot make a resource for each item`);
  const { root } = scope.node;
  const before = new Map(resourcesOf(root).map((resource) => [resource, shown(resource)]));
  build();
  for (const resource of resourcesOf(root)) {
    if (!before.has(resource)) conditions.set(resource, [expression, ...(conditions.get(resource) ?? [])]);
    else if (before.get(resource) !== shown(resource))
      throw new Error(
        `${resource.node.path} is changed inside include, but is there without it: use when in the resource itself`,
      );
  }
}

const resourcesOf = (root: IConstruct): ApiObject[] =>
  root.node.findAll().filter((node): node is ApiObject => ApiObject.isApiObject(node));

/** What a resource is by now; undefined while it cannot be rendered yet. */
const shown = (resource: ApiObject): string | undefined =>
  placeholders().withoutTrace(() => {
    try {
      return JSON.stringify(resource.toJson());
    } catch {
      return undefined;
    }
  });

/**
 * One of two values. What can only be made when the condition holds, or does not, is given as a function, as for `when`. Helm evaluates both.
 */
export function choose<T extends string | number, U extends string | number>(
  condition: Bool,
  then: Lazy<T>,
  otherwise: Lazy<U>,
): T | U {
  if (!isSymbolic(condition)) return plain<boolean>(condition) ? made(then) : made(otherwise);
  const { js, go } = expressionOf(condition);
  const [yes, no] = [expressionOf(made(then)), expressionOf(made(otherwise))];
  const type = yes.type === no.type ? yes.type : 'scalar';
  return plain<T | U>(symbol({ type, js: `(${js}?${yes.js}:${no.js})`, go: `(ternary ${yes.go} ${no.go} ${go})` }));
}

const combine =
  (js: string, go: string, known: (truths: boolean[]) => boolean) =>
  (...truths: Bool[]): Bool => {
    if (!truths.some(isSymbolic)) return truthOf(known(truths.map((each) => plain<boolean>(each))));
    const all = truths.map((each) => expressionOf(each));
    return symbolicTruth(`(${all.map((each) => each.js).join(js)})`, `(${go} ${all.map((each) => each.go).join(' ')})`);
  };

export const and = combine('&&', 'and', (truths) => truths.every(Boolean));

export const or = combine('||', 'or', (truths) => truths.some(Boolean));

export function not(condition: Bool): Bool {
  if (!isSymbolic(condition)) return truthOf(!plain<boolean>(condition));
  const { js, go } = expressionOf(condition);
  return symbolicTruth(`!${js}`, `(not ${go})`);
}

/** Whether two texts are the same. */
export function equals(one: string, other: string): Bool {
  if (!isUnknown(one) && !isUnknown(other)) return truthOf(one === other);
  const [left, right] = [expressionOf(one), expressionOf(other)];
  return symbolicTruth(`(${left.js}===${right.js})`, `(eq ${left.go} ${right.go})`);
}

/** Whether a choice is this word. */
export const is = <T extends string>(choice: Choice<T>, word: NoInfer<T>): Bool =>
  equals(isSymbolic(choice) ? text(choice) : plain<T>(choice), word);

/** Whether an optional value is there. */
export function isSet(optional: Optional<unknown>): Bool {
  if (!isSymbolic(optional)) return truthOf(plain<unknown>(optional) != null);
  const { js, go } = expressionOf(optional);
  return symbolicTruth(`(${js}!=null)`, `(not (kindIs "invalid" ${go}))`);
}

/** Whether a list has no items. */
export function isEmpty(all: List<unknown>): Bool {
  if (!isSymbolic(all)) return truthOf(plain<unknown[]>(all).length === 0);
  const { js, go } = expressionOf(all);
  return symbolicTruth(`(${js}.length===0)`, `(empty ${go})`);
}

/** Whether a list has an item whose key has this value. */
export function hasItem<T, K extends keyof T & string>(all: List<T>, key: K, value: T[K] & string): Bool {
  if (!isSymbolic(all)) return truthOf(plain<T[]>(all).some((item) => item[key] === value));
  const list = expressionOf(all);
  const { schema: item } = unwrap(itemSchema(list));
  const child = item instanceof z.ZodObject ? (item.shape[key] as z.core.$ZodType | undefined) : undefined;
  if (child === undefined || unwrap(child).default !== undefined)
    throw new TypeError(
      `hasItem(${list.js}, ${key}): the items need this key, and no default of it, which Helm does not know`,
    );
  const { js, go } = call(HAS_ITEM, [list, literal(key), expressionOf(value)]);
  return symbolicTruth(js, `(eq ${go} "true")`);
}

/** A truth value in a place where Kubernetes wants one. */
export const asBoolean = (condition: Bool): boolean => plain<boolean>(condition);

/** A choice, a number or a text as text. */
export function text(value: Choice<string> | Scalar | string | number): string {
  if (!isUnknown(value)) return String(plain<string | number>(value));
  return plain<string>(symbol(asText(expressionOf(value))));
}

/** An optional value, or another when it is absent. */
export function orElse<T extends string>(optional: Optional<T>, otherwise: string): string;
export function orElse(optional: Optional<string | number>, otherwise: string): string;
export function orElse(optional: Optional<boolean>, otherwise: boolean): Bool;
export function orElse(optional: Optional<unknown>, otherwise: string | boolean): unknown {
  if (!isSymbolic(optional)) {
    const value = plain<unknown>(optional) ?? otherwise;
    return typeof value === 'number' ? String(value) : value;
  }
  const [value, fallback] = [expressionOf(optional), expressionOf(otherwise)];
  const shown = typeof otherwise === 'string' ? asText(value) : value;
  return symbol({
    type: shown.type,
    js: `(${value.js}==null?${fallback.js}:${shown.js})`,
    go: `(ternary ${fallback.go} ${shown.go} (kindIs "invalid" ${value.go}))`,
  });
}

/** An optional value where Kubernetes lets it be absent. */
export function optional<T>(optional: Optional<T>): T | undefined {
  if (!isSymbolic(optional)) return plain<T | null | undefined>(optional) ?? undefined;
  const { schema, type, js } = optional.expression;
  if (schema === undefined || !['object', 'list', 'map'].includes(type))
    return plain<T | undefined>(whenPresent(isSet(optional), plain<T>(present(optional))));
  const { schema: whole } = unwrap(type === 'list' ? z.array(schema as z.ZodType) : schema);
  expectWhole(whole, js);
  return plain<T | undefined>(whenPresent(isSet(optional), passed(expressionOf(optional), whole)));
}

/** An optional value where it is known to be there: under `when(isSet(…), …)`. */
export function present<T>(optional: Optional<T>): Leaf<T> {
  if (!isSymbolic(optional)) return plain<Leaf<T>>(optional);
  const { isOptional: _, ...present } = expressionOf(optional);
  const { schema, js, go } = present;
  // Helm evaluates more than it prints (both values of a choice): a member of nothing is nothing.
  if (present.type === 'object' && schema !== undefined)
    return plain<Leaf<T>>(symbolicView(schema, { js, go: `(default dict ${go})`, isInside: true }));
  return plain<Leaf<T>>(symbol(present));
}

const itemSchema = ({ schema }: Expression): z.core.$ZodType => {
  if (schema === undefined) throw new TypeError('a list without a schema of its items');
  return schema;
};

/** A list as it is, to be spread into another. */
export function spread<T>(all: List<T>): T[] {
  if (!isSymbolic(all)) return plain<T[]>(all);
  const list = expressionOf(all);
  expectWhole(itemSchema(list), `${list.js}[]`);
  const { body, variable } = inLoop(list, (item) => passed({ type: 'object', ...item }, itemSchema(list)));
  return [plain<T>(marked(body, { kind: 'each', list, variable }))];
}

/** A list as it is; absent when it is empty. */
export function list<T>(all: List<T>): T[] | undefined {
  const known = spread(all);
  if (isSymbolic(all)) return whenPresent(not(isEmpty(all)), known);
  return known.length > 0 ? known : undefined;
}

/** What `build` makes of each item of a list. Where it makes nothing (`when`, `optional`), the list has no item. */
export function each<T, R>(all: List<T>, build: (item: Leaf<T>) => R): R[] {
  if (!isSymbolic(all))
    return plain<Leaf<T>[]>(all)
      .map(build)
      .filter((item) => item !== undefined && item !== null);
  const list = expressionOf(all);
  const { body, variable } = inLoop(list, (item) =>
    build(plain<Leaf<T>>(symbolicView(itemSchema(list), { ...item, isInside: true }))),
  );
  return [plain<R>(marked(body, { kind: 'each', list, variable }))];
}

/** The variables of the loops that are being built, the outermost first. */
const loops: string[] = [];

/** Variables of the loops that print open maps. */
const TAKEN = ['$key', '$value', '$any'];

/**
 * Builds the body of a loop over a list with a variable of its own, named after the list: `$port` for `ports`. In JavaScript it has a number
 * too, so that one that was kept and used elsewhere is not taken for that of another loop.
 */
function inLoop<T>(
  list: Expression,
  build: (variable: Source) => T,
): { body: T; variable: Pick<Expression, 'js' | 'go'> } {
  const name = /([A-Za-z]+)\W*$/.exec(list.js)?.[1] ?? 'item';
  const single = /[^s]s$/.test(name) ? name.slice(0, -1) : `${name}Item`;
  let go = TAKEN.includes(`$${single}`) ? `$${single}Item` : `$${single}`;
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

/** A map of which one entry stands for all of an open map's, beside fixed ones that win. */
function standIn<T>(expression: Expression, fixed: Record<string, T> = {}, asText = false): Record<string, T> {
  for (const { schema, js } of expression.layers ?? [expression]) {
    if (schema instanceof z.ZodRecord) expectWhole(schema.valueType, `${js}.*`);
  }
  const shown = Object.fromEntries(Object.entries(fixed).filter(([, value]) => value !== undefined));
  const issue = (isCopied: boolean): string =>
    placeholders().issue({ kind: 'map', expression, asText, fixed: Object.keys(shown), isCopied });
  const [whole, copied] = [issue(false), issue(true)];
  placeholders().pair(whole, copied);
  const entry = (key: string): Record<string, unknown> => ({ [key]: asText ? k8s.Quantity.fromString(key) : key });
  return plain<Record<string, T>>(new OpenPart({ ...entry(whole), ...shown }, { ...entry(copied), ...shown }));
}

/** An open map as it is; absent when it is empty. */
export function map<T>(open: OpenMap<T>): Record<string, T> | undefined {
  return isSymbolic(open) ? standIn(expressionOf(open)) : nonEmpty(plain<Record<string, T>>(open));
}

/** An open map with entries that win over its own. */
export function merge<T>(open: OpenMap<T>, fixed: Record<string, T>): Record<string, T> {
  if (isSymbolic(open)) return standIn<T>(expressionOf(open), fixed);
  const shown = Object.entries(fixed).filter(([, value]) => value !== undefined);
  return plain<Record<string, T>>(nonEmpty({ ...plain<Record<string, T>>(open), ...Object.fromEntries<T>(shown) }));
}

/** Several open maps as one, in which later ones win. */
export function overlay<T>(...maps: OpenMap<T>[]): OpenMap<T> {
  if (!maps.some(isSymbolic)) return plain<OpenMap<T>>(Object.assign({}, ...maps.map((open) => plain<object>(open))));
  const layers = maps.map((open) => expressionOf(open)).flatMap((open) => open.layers ?? [open]);
  return plain<OpenMap<T>>(
    new Symbolic({
      type: 'map',
      js: `Object.assign({},${layers.map(({ js }) => js).join(',')})`,
      go: `(list ${layers.map(({ go }) => go).join(' ')})`,
      layers,
    }),
  );
}

/** The entry of an open map under a key. */
export function entry<T>(open: OpenMap<T>, key: string): Optional<T> {
  if (!isSymbolic(open)) {
    const entries = plain<Record<string, T>>(open);
    return plain<Optional<T>>(Object.hasOwn(entries, key) ? entries[key] : undefined);
  }
  const map = expressionOf(open);
  const layers = map.layers ?? [map];
  const { schema } = layers[0] ?? map;
  if (!(schema instanceof z.ZodRecord)) throw new TypeError(`${map.js} is no map with keys of the user's own`);
  const { schema: value } = unwrap(schema.valueType);
  const go = layers
    .map((layer) => layer.go)
    .reduce(
      (below, each) =>
        below === ''
          ? `(index ${each} ${goText(key)})`
          : `(ternary (index ${each} ${goText(key)}) ${below} (hasKey ${each} ${goText(key)}))`,
      '',
    );
  const js = `(Object.hasOwn(${map.js},${JSON.stringify(key)})?${map.js}[${JSON.stringify(key)}]:undefined)`;
  return plain<Optional<T>>(symbolOf(value, true, { js, go }));
}

/** A quantity where Kubernetes wants one. */
export const quantity = (value: Scalar | string): k8s.Quantity => k8s.Quantity.fromString(text(value));

/** An open map of quantities, with entries that win over its own; absent when there are none. */
export function quantities(
  open: OpenMap<string | number>,
  fixed: Record<string, string> = {},
): Record<string, k8s.Quantity> | undefined {
  const wrapped = Object.entries(fixed).map(([key, value]) => [key, k8s.Quantity.fromString(value)] as const);
  if (isSymbolic(open)) {
    return standIn<k8s.Quantity>(expressionOf(open), Object.fromEntries(wrapped), true);
  }
  const own = Object.entries(plain<Record<string, string | number>>(open)).map(
    ([key, value]) => [key, k8s.Quantity.fromString(String(value))] as const,
  );
  return nonEmpty(Object.fromEntries([...own, ...wrapped]));
}

const nonEmpty = <T>(entries: Record<string, T>): Record<string, T> | undefined =>
  Object.keys(entries).length > 0 ? entries : undefined;

/** A part that a chart prints by a named template, as it stands in several places. */
export function named<T>(name: string, value: T): T {
  if (!/^[A-Za-z_][\w.-]*$/.test(name))
    throw new TypeError(`a part cannot be named ${JSON.stringify(name)}: take letters, digits, _, - and .`);
  return isBuildingChart() ? plain<T>(marked(value, { kind: 'named', name })) : value;
}
