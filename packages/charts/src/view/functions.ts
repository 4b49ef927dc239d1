import { type Expression, truth } from './expression';
import { expressionOf, isUnknown, symbol, Symbolic } from './symbolic';
import type { Bool, Leaf, OpenMap, Optional } from './view';

/**
 * A pure function that constructs may call on what a view holds. It is written twice, in TypeScript and as a named template of the chart,
 * and both must give the same for every value: each has a test of its own that compares them.
 */
export interface PureFunction {
  readonly name: string;
  readonly compute: (...values: never[]) => unknown;
  /** The body of the named template. Its context is the one argument, or a list of them. */
  readonly template: string;
  /** Other functions that the body uses. */
  readonly uses: readonly PureFunction[];
}

/** Stands for the name of the chart in the bodies of named templates. */
export const CHART = '\uE00E';

/** The call of another function inside the body of a template, as an operand. */
export const includeTemplate = (name: string, operand: string): string => `(include "${CHART}.${name}" ${operand})`;

/** A function as constructs call it, with its definition. */
type OnView<A extends readonly unknown[], R> = ((...values: { [K in keyof A]: Seen<A[K]> }) => R) & {
  readonly definition: PureFunction;
};

type Seen<T> = T | Leaf<Exclude<T, undefined>> | (undefined extends T ? Optional<Exclude<T, undefined>> : never);

const used = new Set<PureFunction>();

const registered = new Map<string, PureFunction>();

/**
 * The function of a name that was registered last.
 * @throws Error when there is none
 */
export function functionNamed(name: string): PureFunction {
  const found = name === HAS_ITEM.name ? HAS_ITEM : registered.get(name);
  if (found === undefined) throw new Error(`there is no function named ${name}`);
  return found;
}

/** The functions that expressions have called since the last time, with all that these use. */
export function takeUsedFunctions(): PureFunction[] {
  const all = new Set<PureFunction>();
  const add = (definition: PureFunction): void => {
    definition.uses.forEach(add);
    all.add(definition);
  };
  const added = Array.from(used);
  used.clear();
  added.forEach(add);
  const names = new Set<string>();
  for (const { name } of all) {
    if (names.has(name)) throw new Error(`two different functions are named ${name}: give one of them another name`);
    names.add(name);
  }
  return Array.from(all);
}

/** The call of a function, by name, in both languages. */
export function call(definition: PureFunction, operands: readonly Expression[]): Pick<Expression, 'js' | 'go'> {
  used.add(definition);
  const [only, ...more] = operands.map(({ go }) => go);
  const context = more.length === 0 ? (only ?? '') : `(list ${[only, ...more].join(' ')})`;
  return {
    js: `f.${definition.name}(${operands.map(({ js }) => js).join(',')})`,
    go: includeTemplate(definition.name, context),
  };
}

/** Whether a list has an item that has a text under a key: `f.hasItem(list, key, text)`. */
export const HAS_ITEM: PureFunction = {
  name: 'hasItem',
  compute: (all: readonly Readonly<Record<string, unknown>>[], key: string, value: string): boolean =>
    all.some((item) => Object.hasOwn(item, key) && item[key] === value),
  template: `{{- $key := index . 1 -}}
{{- $value := index . 2 -}}
{{- $found := false -}}
{{- range $item := index . 0 -}}
{{- $one := get $item $key -}}
{{- if and (hasKey $item $key) (kindIs "string" $one) -}}
{{- if eq $one $value -}}{{- $found = true -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- $found -}}`,
  uses: [],
};

/** Names are spelled alike in JavaScript and in Helm. */
function expectName(name: string): void {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || ['hasEntries', HAS_ITEM.name].includes(name))
    throw new TypeError(
      `a function cannot be named ${JSON.stringify(name)}: take letters, digits and _, and another word`,
    );
}

/** Registers a function that gives text. */
export function textFunction<A extends readonly unknown[]>(
  name: string,
  compute: (...values: A) => string,
  template: string,
  uses: readonly PureFunction[] = [],
): OnView<A, string> {
  expectName(name);
  const definition: PureFunction = { name, compute: compute, template, uses };
  registered.set(name, definition);
  const onView = (...values: { [K in keyof A]: Seen<A[K]> }): string =>
    values.some(isUnknown)
      ? (symbol({ type: 'text', ...call(definition, values.map(expressionOf)) }) as string)
      : compute(...(values as unknown as A));
  return Object.assign(onView, { definition });
}

/** Registers a function that answers yes or no of an open map. Its template gets a list of maps, of which later ones win, and prints `true` for yes. */
export function mapFunction<T>(
  name: string,
  compute: (entries: Readonly<Record<string, T>>) => boolean,
  template: string,
): ((open: OpenMap<T>) => Bool) & { readonly definition: PureFunction } {
  expectName(name);
  const definition: PureFunction = { name, compute: compute, template, uses: [] };
  registered.set(name, definition);
  const onView = (open: OpenMap<T>): Bool => {
    if (!isUnknown(open)) return compute(open as unknown as Record<string, T>) as unknown as Bool;
    const expression = expressionOf(open);
    const layered = expression.layers === undefined ? { ...expression, go: `(list ${expression.go})` } : expression;
    const { js, go } = call(definition, [layered]);
    return new Symbolic(truth(js, `(eq ${go} "true")`)) as unknown as Bool;
  };
  return Object.assign(onView, { definition });
}
