import { type Expression, truth } from './expression';
import { expressionOf, dependsOnValues, symbol, Symbolic } from './symbolic';
import type { Bool, Leaf, OpenMap, Optional } from './view';

/** A pure function of values, in TypeScript and as a named template. Test that both give the same for all values. */
export interface PureFunction {
  readonly name: string;
  readonly compute: (...values: never[]) => unknown;
  /** The body of the named template. Its context is the only argument, or a list of all arguments. */
  readonly template: string;
  /** The functions that the body includes. */
  readonly uses: readonly PureFunction[];
}

/** The name of the chart in bodies of named templates. Helm's printer replaces it. */
export const CHART = '\uE00E';

/** A call of another function in the body of a template: an operand. */
export const includeTemplate = (name: string, operand: string): string => `(include "${CHART}.${name}" ${operand})`;

type Seen<T> = T | Leaf<Exclude<T, undefined>> | (undefined extends T ? Optional<Exclude<T, undefined>> : never);

/** A function of values that gives text. */
export type TextFunction<A extends readonly unknown[]> = ((...values: { [K in keyof A]: Seen<A[K]> }) => string) & {
  readonly definition: PureFunction;
};

/** A condition of a map. */
export type MapFunction<T> = ((open: OpenMap<T>) => Bool) & { readonly definition: PureFunction };

const used = new Set<PureFunction>();

const registered = new Map<string, PureFunction>();

/**
 * The latest function that was registered under a name.
 * @throws Error when there is none
 */
export function functionNamed(name: string): PureFunction {
  const found = name === HAS_ITEM.name ? HAS_ITEM : registered.get(name);
  if (found === undefined) throw new Error(`there is no function named ${name}`);
  return found;
}

/** The functions that expressions called since the last call of this function, and all functions that these include. */
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

/** `hasItem(list, key, text)`: true when an item of the list has the text under the key. */
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

/**
 * Makes a function of values that gives text.
 * @param name one word, unique in the chart
 * @param template the body of a named template that prints the same text
 * @param uses the definitions of functions that the template includes (`includeTemplate`)
 * @throws TypeError when the name is not one word
 */
export function textFunction<A extends readonly unknown[]>(
  name: string,
  compute: (...values: A) => string,
  template: string,
  uses: readonly PureFunction[] = [],
): TextFunction<A> {
  expectName(name);
  const definition: PureFunction = { name, compute, template, uses };
  registered.set(name, definition);
  const onView = (...values: { [K in keyof A]: Seen<A[K]> }): string =>
    values.some(dependsOnValues)
      ? (symbol({ type: 'text', ...call(definition, values.map(expressionOf)) }) as string)
      : compute(...(values as unknown as A));
  return Object.assign(onView, { definition });
}

/**
 * Makes a condition of a map.
 * @param template the body of a named template. Its context is a list of maps, whose later ones win; it prints `true` when the condition holds
 * @throws TypeError when the name is not one word
 */
export function mapFunction<T>(
  name: string,
  compute: (entries: Readonly<Record<string, T>>) => boolean,
  template: string,
): MapFunction<T> {
  expectName(name);
  const definition: PureFunction = { name, compute, template, uses: [] };
  registered.set(name, definition);
  const onView = (open: OpenMap<T>): Bool => {
    if (!dependsOnValues(open)) return compute(open as unknown as Record<string, T>) as unknown as Bool;
    const expression = expressionOf(open);
    const layered = expression.layers === undefined ? { ...expression, go: `(list ${expression.go})` } : expression;
    const { js, go } = call(definition, [layered]);
    return new Symbolic(truth(js, `(eq ${go} "true")`)) as unknown as Bool;
  };
  return Object.assign(onView, { definition });
}
