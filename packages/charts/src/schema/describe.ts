import { z } from 'zod';
import { unwrap } from './defaults';
import { type Path, pathText } from './path';
import type { Tree } from './tree';

export interface ValueDescription {
  readonly path: string;
  /** Such as `text`, `one of A, B` or `map of text`. */
  readonly type: string;
  readonly description: string;
  readonly default?: Tree;
  readonly unit?: string;
  readonly required: boolean;
}

export function describeValues(schema: z.core.$ZodType, path: Path = []): ValueDescription[] {
  const { schema: inner, optional, default: given } = unwrap(schema);
  const here = path.length === 0 ? [] : [describeOne(schema, path, optional, given)];
  // The keys of an optional object are those of a Kubernetes type, which has a reference of its own.
  if (!(inner instanceof z.ZodObject) || optional) return here;
  return [
    ...here,
    ...Object.entries(inner.shape).flatMap(([key, child]) => describeValues(child as z.core.$ZodType, [...path, key])),
  ];
}

function describeOne(
  schema: z.core.$ZodType,
  path: Path,
  optional: boolean,
  given: Tree | undefined,
): ValueDescription {
  const { schema: inner } = unwrap(schema);
  const meta = { ...(inner as z.ZodType).meta(), ...(schema as z.ZodType).meta() } as {
    description?: string;
    unit?: string;
  };
  return {
    path: pathText(path),
    type: typeOf(inner),
    description: meta.description ?? '',
    ...(given === undefined ? {} : { default: given }),
    ...(meta.unit === undefined ? {} : { unit: meta.unit }),
    required: !optional && given === undefined && !(inner instanceof z.ZodObject),
  };
}

function typeOf(schema: z.core.$ZodType): string {
  const { schema: inner } = unwrap(schema);
  if (inner instanceof z.ZodEnum) return `one of ${inner.options.join(', ')}`;
  if (inner instanceof z.ZodArray) return `list of ${typeOf(inner.element)}`;
  if (inner instanceof z.ZodRecord) return `map of ${typeOf(inner.valueType)}`;
  if (inner instanceof z.ZodUnion) return inner.options.map(typeOf).join(' or ');
  if (inner instanceof z.ZodBoolean) return 'true or false';
  if (inner instanceof z.ZodNumber) return inner.format === 'safeint' ? 'whole number' : 'number';
  return inner instanceof z.ZodObject ? 'mapping' : 'text';
}
