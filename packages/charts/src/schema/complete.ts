import { z } from 'zod';
import { unwrap } from './defaults';
import { at, isMapping, type Mapping, mergeTrees, type Path, pathText, type Tree } from './tree';

/**
 * Values with all defaults filled in as Helm does it: maps key by key, and null for what may be absent. zod's own parse replaces the default
 * of a map as a whole.
 * @throws TypeError when a null takes a default away where one is needed
 */
export const complete = (schema: z.core.$ZodType, given: Mapping): Mapping => completeObject(schema, given, {}, []);

function completeObject(schema: z.core.$ZodType, given: Mapping, defaults: Tree, path: Path): Mapping {
  const { schema: inner } = unwrap(schema);
  const completed: Mapping = { ...given };
  if (!(inner instanceof z.ZodObject)) return completed;
  for (const [key, child] of Object.entries(inner.shape)) {
    const value = at(given, [key]) as Tree | undefined;
    const result = completeValue(child as z.core.$ZodType, value, at(defaults, [key]) as Tree | undefined, [
      ...path,
      key,
    ]);
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
    throw new TypeError(`${pathText(path)}: null takes the default away; leave the key out`);
  if (value === null && optional) return (schema as z.ZodType).safeParse(null).success ? null : undefined;
  if (isSection && (value === undefined || isMapping(value)))
    return completeObject(inner, value ?? {}, fallback ?? {}, path);
  if (inner instanceof z.ZodRecord && isMapping(fallback) && isMapping(value)) return mergeTrees(fallback, value);
  return value ?? fallback;
}
