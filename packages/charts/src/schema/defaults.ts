import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { type Path, pathText } from './path';
import { at, isMapping, type Mapping, mergeTrees, type Tree } from './tree';

export function unwrap(schema: z.core.$ZodType): { schema: z.core.$ZodType; default?: Tree; optional: boolean } {
  let inner = schema;
  let given: { default?: Tree } = {};
  let optional = false;
  for (;;) {
    if (inner instanceof z.ZodDefault) given = { default: inner.def.defaultValue as Tree };
    else if (inner instanceof z.ZodPrefault) given = prefaultOf(inner) ?? given;
    else if (inner instanceof z.ZodOptional || inner instanceof z.ZodNullable) optional = true;
    else if (!(inner instanceof z.ZodReadonly)) return { schema: inner, ...given, optional };
    inner = inner.def.innerType;
  }
}

function prefaultOf({ def }: z.ZodPrefault): { default: Tree } | undefined {
  const given = def.defaultValue;
  if (typeof given === 'object' && given !== null && Object.keys(given).length === 0) return undefined;
  return { default: (def.innerType as z.ZodType).parse(given) as Tree };
}

/** @throws TypeError when the schema is no object */
export function defaultsOf(schema: z.core.$ZodType): Mapping {
  const { schema: inner } = unwrap(schema);
  if (!(inner instanceof z.ZodObject)) throw new TypeError('only an object has defaults of its keys');
  const defaults: Mapping = {};
  for (const [key, child] of Object.entries(inner.shape)) {
    const { schema: leaf, default: value, optional } = unwrap(child as z.core.$ZodType);
    if (value !== undefined) defaults[key] = value;
    else if (leaf instanceof z.ZodObject && !optional) defaults[key] = defaultsOf(leaf);
  }
  return defaults;
}

/**
 * As Helm, merges maps key by key. zod's `parse` replaces a map's default.
 * @throws TypeError when a null removes a default that is needed
 */
export const complete = (schema: z.core.$ZodType, given: Mapping): Mapping => completeObject(schema, given, {}, []);

function completeObject(schema: z.core.$ZodType, given: Mapping, defaults: Tree, path: Path): Mapping {
  const { schema: inner } = unwrap(schema);
  const completed: Mapping = { ...given };
  if (!(inner instanceof z.ZodObject)) return completed;
  for (const [key, child] of Object.entries(inner.shape)) {
    const value = at(given, [key]) as Tree | undefined;
    const outer = at(defaults, [key]) as Tree | undefined;
    const result = completeValue(child as z.core.$ZodType, value, outer, [...path, key]);
    if (result === undefined) Reflect.deleteProperty(completed, key);
    else completed[key] = result;
  }
  return completed;
}

function completeValue(
  schema: z.core.$ZodType,
  value: Tree | undefined,
  outer: Tree | undefined,
  path: Path,
): Tree | undefined {
  const { schema: inner, default: own, optional } = unwrap(schema);
  const fallback = outer ?? own;
  const isSection = inner instanceof z.ZodObject && !optional;
  if (value === null && (fallback !== undefined || isSection))
    throw new TypeError(`${pathText(path)}: null removes the default. Fix: leave the key out`);
  if (value === null && optional) return (schema as z.ZodType).safeParse(null).success ? null : undefined;
  if (isSection && (value === undefined || isMapping(value)))
    return completeObject(inner, value ?? {}, fallback ?? {}, path);
  if (inner instanceof z.ZodRecord && isMapping(fallback) && isMapping(value)) return mergeTrees(fallback, value);
  return value ?? fallback;
}

export function withoutDefaults(tree: Mapping, defaults: Mapping): Mapping {
  const rest = Object.entries(tree).flatMap(([key, value]): [string, Tree][] => {
    const given = Object.hasOwn(defaults, key) ? defaults[key] : undefined;
    if (given === undefined) return [[key, value]];
    if (!isMapping(value) || !isMapping(given)) return isDeepStrictEqual(value, given) ? [] : [[key, value]];
    const inner = withoutDefaults(value, given);
    return Object.keys(inner).length === 0 ? [] : [[key, inner]];
  });
  return Object.fromEntries(rest);
}
