import { z } from 'zod';
import type { Mapping, Tree } from './tree';

/** A schema without what wraps it: defaults and optionality. */
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

/** What a prefault gives. `.prefault({})` gives no more than the defaults of the keys, which stand for themselves. */
function prefaultOf({ def }: z.ZodPrefault): { default: Tree } | undefined {
  const given = def.defaultValue;
  if (typeof given === 'object' && given !== null && Object.keys(given).length === 0) return undefined;
  return { default: (def.innerType as z.ZodType).parse(given) as Tree };
}

/** All defaults of a schema of objects: what a chart's values.yaml holds. Keys without a default are absent. */
export function defaultsOf(schema: z.core.$ZodType): Mapping {
  const { schema: inner } = unwrap(schema);
  if (!(inner instanceof z.ZodObject)) throw new TypeError('only an object has defaults of its own');
  const defaults: Mapping = {};
  for (const [key, child] of Object.entries(inner.shape)) {
    const { schema: leaf, default: value, optional } = unwrap(child as z.core.$ZodType);
    if (value !== undefined) defaults[key] = value;
    else if (leaf instanceof z.ZodObject && !optional) defaults[key] = defaultsOf(leaf);
  }
  return defaults;
}
