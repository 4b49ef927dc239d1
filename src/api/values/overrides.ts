import { z } from 'zod';
import { unwrap } from '@dozlab/charts/schema';
import { valuesSchema } from './schema';

/**
 * A schema of which any part may be left out, without defaults: for a file that sets some values over those of another. A null takes
 * back what an outer file sets.
 */
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

/**
 * The values that a project's files may set at each level. Not among them: what a session file says outside its values (who, until when,
 * whether suspended), and the password of VS Code, which no file that is kept may hold.
 */
export const valuesLayer = layerOf(
  z.strictObject({ ...shared, codeServer: z.strictObject(codeServerWithoutPassword) }),
);
