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
 * A value whose key exists only if the condition holds. `when.item` is for lists, `when.entries` for maps.
 * @throws TypeError when the value is empty: a leaf must carry the condition
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

/** One of two texts or numbers. Helm evaluates both: pass a function for a value that may be absent. */
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

export const conditionsOf = (resource: ApiObject): readonly Expression[] => conditions.get(resource) ?? [];

/**
 * Makes resources only if the condition holds.
 * @throws Error when `build` changes a resource from outside, or runs inside `each`
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

const manifestOf = (resource: ApiObject): string | undefined =>
  placeholders().withoutTrace(() => {
    try {
      return JSON.stringify(resource.toJson());
    } catch {
      return undefined;
    }
  });

/**
 * Prints a mapping by the named template `<chart>.<name>`.
 * @throws TypeError when the name is no template name
 */
export function named<T>(name: string, value: T): T {
  if (!/^[A-Za-z_][\w.-]*$/.test(name))
    throw new TypeError(
      `${JSON.stringify(name)} is not a name for a part. Fix: start with a letter or _, then letters, digits, _, - and .`,
    );
  return isBuildingChart() ? opened<T>(marked(value, { kind: 'named', name })) : value;
}
