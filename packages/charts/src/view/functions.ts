import { type Expression, truth } from './expression';
import { expressionOf, dependsOnValues, symbol, Symbolic } from './symbolic';
import type { Bool, Leaf, OpenMap, Optional } from './view';

/** Test that the TypeScript and the named template give the same for all values. */
export interface PureFunction {
  readonly name: string;
  readonly compute: (...values: never[]) => unknown;
  readonly template: string;
  readonly uses: readonly PureFunction[];
}

/** Stands for the chart's name: Helm's printer replaces it. */
export const CHART = '\uE00E';

/** Calls another function in a template. */
export const includeTemplate = (name: string, operand: string): string => `(include "${CHART}.${name}" ${operand})`;

type Seen<T> = T | Leaf<Exclude<T, undefined>> | (undefined extends T ? Optional<Exclude<T, undefined>> : never);

/** A function of values that gives text. */
export type TextFunction<A extends readonly unknown[]> = ((...values: { [K in keyof A]: Seen<A[K]> }) => string) & {
  readonly definition: PureFunction;
};

/** A function of values that gives a number. */
export type NumberFunction<A extends readonly unknown[]> = ((...values: { [K in keyof A]: Seen<A[K]> }) => number) & {
  readonly definition: PureFunction;
};

export type MapFunction<T> = ((open: OpenMap<T>) => Bool) & { readonly definition: PureFunction };

const used = new Set<PureFunction>();

const registered = new Map<string, PureFunction>();

/** @throws Error when no function has the name */
export function functionNamed(name: string): PureFunction {
  const found = name === HAS_ITEM.name ? HAS_ITEM : registered.get(name);
  if (found === undefined) throw new Error(`there is no function named ${name}`);
  return found;
}

/** The functions called since the last call, and the functions that they include. */
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

export function call(definition: PureFunction, operands: readonly Expression[]): Pick<Expression, 'js' | 'go'> {
  used.add(definition);
  const [only, ...more] = operands.map(({ go }) => go);
  const context = more.length === 0 ? (only ?? '') : `(list ${[only, ...more].join(' ')})`;
  return {
    js: `f.${definition.name}(${operands.map(({ js }) => js).join(',')})`,
    go: includeTemplate(definition.name, context),
  };
}

/** `hasItem(list, key, text)` */
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

function expectName(name: string): void {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || ['hasEntries', HAS_ITEM.name].includes(name))
    throw new TypeError(
      `${JSON.stringify(name)} is not a name for a function. Fix: use letters, digits and _, and not the name of a function of this package`,
    );
}

function define(definition: PureFunction): PureFunction {
  expectName(definition.name);
  registered.set(definition.name, definition);
  return definition;
}

/** The named template prints `true`. */
function symbolicTruth(definition: PureFunction, operands: readonly Expression[]): Bool {
  const { js, go } = call(definition, operands);
  return new Symbolic(truth(js, `(eq ${go} "true")`)) as unknown as Bool;
}

/**
 * Makes a function of values that gives text.
 * @param name unique in the chart
 * @param template a named template that prints the same text
 * @throws TypeError when the name is not one word
 */
export function textFunction<A extends readonly unknown[]>(
  name: string,
  compute: (...values: A) => string,
  template: string,
  uses: readonly PureFunction[] = [],
): TextFunction<A> {
  const definition = define({ name, compute, template, uses });
  const onView = (...values: { [K in keyof A]: Seen<A[K]> }): string =>
    values.some(dependsOnValues)
      ? (symbol({ type: 'text', ...call(definition, values.map(expressionOf)) }) as string)
      : compute(...(values as unknown as A));
  return Object.assign(onView, { definition });
}

/**
 * Makes a function of values that gives a whole number.
 * @param template a named template that prints the same number in digits
 * @throws TypeError when the name is not one word
 */
export function numberFunction<A extends readonly unknown[]>(
  name: string,
  compute: (...values: A) => number,
  template: string,
  uses: readonly PureFunction[] = [],
): NumberFunction<A> {
  const definition = define({ name, compute, template, uses });
  const onView = (...values: { [K in keyof A]: Seen<A[K]> }): number => {
    if (!values.some(dependsOnValues)) return compute(...(values as unknown as A));
    const { js, go } = call(definition, values.map(expressionOf));
    return symbol({ type: 'number', js, go: `(int64 ${go})` }) as number;
  };
  return Object.assign(onView, { definition });
}

/** A condition of values. */
export type TruthFunction<A extends readonly unknown[]> = ((...values: { [K in keyof A]: Seen<A[K]> }) => Bool) & {
  readonly definition: PureFunction;
};

/**
 * Makes a condition of values.
 * @param template a named template that prints `true` if the condition holds
 * @throws TypeError when the name is not one word
 */
export function truthFunction<A extends readonly unknown[]>(
  name: string,
  compute: (...values: A) => boolean,
  template: string,
  uses: readonly PureFunction[] = [],
): TruthFunction<A> {
  const definition = define({ name, compute, template, uses });
  const onView = (...values: { [K in keyof A]: Seen<A[K]> }): Bool => {
    if (!values.some(dependsOnValues)) return compute(...(values as unknown as A)) as unknown as Bool;
    return symbolicTruth(definition, values.map(expressionOf));
  };
  return Object.assign(onView, { definition });
}

/**
 * Makes a condition of a map.
 * @param template gets a list of maps, in which later maps win, and prints `true`
 * @throws TypeError when the name is not one word
 */
export function mapFunction<T>(
  name: string,
  compute: (entries: Readonly<Record<string, T>>) => boolean,
  template: string,
): MapFunction<T> {
  const definition = define({ name, compute, template, uses: [] });
  const onView = (open: OpenMap<T>): Bool => {
    if (!dependsOnValues(open)) return compute(open as unknown as Record<string, T>) as unknown as Bool;
    const expression = expressionOf(open);
    const layered = expression.layers === undefined ? { ...expression, go: `(list ${expression.go})` } : expression;
    return symbolicTruth(definition, [layered]);
  };
  return Object.assign(onView, { definition });
}
