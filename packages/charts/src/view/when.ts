import { ApiObject } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import { marked } from './conditional-leaves';
import type { Expression } from './expression';
import { isBuildingChart, placeholders } from './placeholders';
import { expressionOf, isSymbolic, symbol } from './symbolic';
import { type Bool, opened } from './view';

const made = <T>(value: T | (() => T)): T => (typeof value === 'function' ? (value as () => T)() : value);

function valueWhen<T>(condition: Bool, value: T | (() => T)): T | undefined {
  if (isSymbolic(condition))
    return opened<T>(marked(made(value), { kind: 'when', condition: expressionOf(condition) }));
  return opened<boolean>(condition) ? made(value) : undefined;
}

/**
 * `when(condition, value)` is the value of a key that exists only if the condition holds. Use `...when.item(condition, item)` in a list and
 * `...when.entries(condition, entries)` in a map. Pass a function where the value cannot be made otherwise:
 * `when(isSet(view.limits), () => present(view.limits).cpu)`.
 * @throws TypeError when the value is empty: the condition needs a leaf that carries it
 */
export const when = Object.assign(valueWhen, {
  item: <T>(condition: Bool, value: T | (() => T)): T[] => {
    const item = valueWhen(condition, value);
    return item === undefined ? [] : [item];
  },
  entries: <T>(condition: Bool, entries: Record<string, T>): Record<string, T> =>
    Object.fromEntries(
      Object.entries(entries).flatMap(([key, value]) => {
        const conditional = valueWhen(condition, value);
        return conditional === undefined ? [] : [[key, conditional] as const];
      }),
    ),
});

/** One of two texts or numbers. Pass functions where one of them cannot be made. Helm evaluates both. */
export function choose<T extends string | number, U extends string | number>(
  condition: Bool,
  then: T | (() => T),
  otherwise: U | (() => U),
): T | U {
  if (!isSymbolic(condition)) return opened<boolean>(condition) ? made(then) : made(otherwise);
  const { js, go } = expressionOf(condition);
  const [yes, no] = [expressionOf(made(then)), expressionOf(made(otherwise))];
  const type = yes.type === no.type ? yes.type : 'scalar';
  return opened<T | U>(symbol({ type, js: `(${js}?${yes.js}:${no.js})`, go: `(ternary ${yes.go} ${no.go} ${go})` }));
}

const conditions = new WeakMap<ApiObject, Expression[]>();

/** The conditions of the `include` calls around a resource, the outermost first. */
export const conditionsOf = (resource: ApiObject): readonly Expression[] => conditions.get(resource) ?? [];

/**
 * Makes the resources of `build` only if the condition holds. `build` may make them anywhere in the chart.
 * @throws Error when `build` changes a resource from outside, or when it runs inside `each`
 */
export function include(scope: Construct, condition: Bool, build: () => void): void {
  if (!isSymbolic(condition)) {
    if (opened<boolean>(condition)) build();
    return;
  }
  const expression = expressionOf(condition);
  if (placeholders().loops.length > 0)
    throw new Error(`${scope.node.path}: include inside each: a chart cannot make a resource for each item`);
  const { root } = scope.node;
  const before = new Map(resourcesOf(root).map((resource) => [resource, manifestOf(resource)]));
  build();
  for (const resource of resourcesOf(root)) {
    if (!before.has(resource)) conditions.set(resource, [expression, ...(conditions.get(resource) ?? [])]);
    else if (before.get(resource) !== manifestOf(resource))
      throw new Error(
        `${resource.node.path} is changed inside include, but exists without it. Fix: use when in the resource itself`,
      );
  }
}

const resourcesOf = (root: IConstruct): ApiObject[] =>
  root.node.findAll().filter((node): node is ApiObject => ApiObject.isApiObject(node));

/** The manifest so far, to find changes; undefined while the resource cannot be rendered. */
const manifestOf = (resource: ApiObject): string | undefined =>
  placeholders().withoutTrace(() => {
    try {
      return JSON.stringify(resource.toJson());
    } catch {
      return undefined;
    }
  });

/**
 * Prints a mapping by a named template, `<chart>.<name>`, in every place that uses the name.
 * @throws TypeError when the name is no template name
 */
export function named<T>(name: string, value: T): T {
  if (!/^[A-Za-z_][\w.-]*$/.test(name))
    throw new TypeError(
      `${JSON.stringify(name)} is not a name for a part. Fix: start with a letter or _, then letters, digits, _, - and .`,
    );
  return isBuildingChart() ? opened<T>(marked(value, { kind: 'named', name })) : value;
}
