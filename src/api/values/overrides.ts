import { z } from 'zod';
import { unwrap, isMapping, type Mapping, type Path, type Tree } from '@dozlab/charts/schema';
import { valuesSchema } from './schema';

/** Has no defaults or required keys. `null` removes an inherited value. */
export function layerOf(schema: z.core.$ZodType): z.ZodType {
  const { schema: inner } = unwrap(schema);
  if (inner instanceof z.ZodObject) {
    const shape = Object.fromEntries(
      Object.entries(inner.shape).map(([key, child]) => [key, layerOf(child as z.core.$ZodType).optional()]),
    );
    return describedLike(schema, z.strictObject(shape, { error: 'a mapping' }).nullable());
  }
  if (inner instanceof z.ZodRecord) {
    const value = inner.valueType as z.ZodType;
    return describedLike(
      schema,
      z.record(inner.keyType as z.ZodString, value.nullable(), { error: inner.def.error as never }).nullable(),
    );
  }
  return describedLike(schema, (inner as z.ZodType).nullable());
}

function describedLike(source: z.core.$ZodType, copy: z.ZodType): z.ZodType {
  const meta = (source as z.ZodType).meta();
  return meta === undefined ? copy : copy.meta(meta);
}

const { session: _session, suspended: _suspended, codeServer, ...shared } = valuesSchema.shape;
const { password: _password, ...codeServerWithoutPassword } = (unwrap(codeServer).schema as z.ZodObject).shape;

/** Excludes the VS Code password, which no file in Git may have. */
export const valuesLayer = layerOf(
  z.strictObject({ ...shared, codeServer: z.strictObject(codeServerWithoutPassword) }),
);

export function nulls(tree: Tree, path: Path = []): Path[] {
  if (tree === null) return [path];
  return isMapping(tree) ? Object.entries(tree).flatMap(([key, child]) => nulls(child, [...path, key])) : [];
}

const OPEN_MAPS = ['labels', 'podLabels', 'annotations', 'nodeSelector', 'limits', 'requests'];

/** Users choose the keys of open maps. */
export const isInOpenMap = (path: Path): boolean => path.length > 1 && OPEN_MAPS.includes(String(path.at(-2)));

/** Keeps nulls in open maps. */
export function withoutNulls(tree: Mapping, path: Path = []): Mapping {
  const entries = Object.entries(tree).flatMap(([key, value]): [string, Tree][] => {
    const here = [...path, key];
    if (value === null) return isInOpenMap(here) ? [[key, value]] : [];
    return [[key, isMapping(value) ? withoutNulls(value, here) : value]];
  });
  return Object.fromEntries(entries);
}
