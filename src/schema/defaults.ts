import { z } from 'zod';
import type { Mapping, Tree } from './tree';

/** A schema without what wraps it: defaults and optionality. */
export function unwrap(schema: z.core.$ZodType): { schema: z.core.$ZodType; default?: Tree; optional: boolean } {
  let inner = schema;
  let given: { default?: Tree } = {};
  let optional = false;
  for (;;) {
    if (inner instanceof z.ZodDefault) given = { default: inner.def.defaultValue as Tree };
    else if (inner instanceof z.ZodOptional || inner instanceof z.ZodNullable) optional = true;
    else if (!(inner instanceof z.ZodPrefault)) return { schema: inner, ...given, optional };
    inner = inner.def.innerType;
  }
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
