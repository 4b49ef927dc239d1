import type { JsonSchema } from '@dozlab/charts/schema';

/**
 * The structural schema of a CustomResourceDefinition that accepts what a JSON schema accepts, as far as one can say it. Not said: unknown keys (they are
 * pruned, and strict clients refuse them), names of free keys, unique items, and defaults, which layers give.
 * Kubernetes, "Extend the Kubernetes API with CustomResourceDefinitions", "Specifying a structural schema".
 * @param schema with `definitions`, as `jsonSchemaOf` makes it
 */
export function structuralSchema(schema: JsonSchema): JsonSchema {
  const definitions = (schema['definitions'] ?? {}) as Record<string, JsonSchema>;
  const converted = (part: JsonSchema): JsonSchema => {
    const { $ref, allOf, anyOf, ...rest } = part;
    if (typeof $ref === 'string') return converted({ ...definitions[$ref.slice($ref.lastIndexOf('/') + 1)], ...rest });
    const parts = (allOf ?? []) as JsonSchema[];
    if (parts.length > 0) return parts.map(converted).reduce(both, plain(rest, converted));
    if (anyOf !== undefined) return { ...oneOf((anyOf as JsonSchema[]).map(converted)), ...described(rest) };
    return plain(rest, converted);
  };
  return converted(schema);
}

/** What holds for values and not for the form of the tree. */
const CHECKS = [
  ...['minLength', 'maxLength', 'pattern', 'format', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'],
  ...['multipleOf', 'minItems', 'maxItems', 'minProperties', 'maxProperties', 'required'],
];

type Converted = (part: JsonSchema) => JsonSchema;

const NULL = 'null';

function plain(part: JsonSchema, converted: Converted): JsonSchema {
  const out: JsonSchema = { ...described(part), ...typeOf(part) };
  for (const key of CHECKS)
    if (part[key] !== undefined) out[key] = key === 'pattern' ? ascii(part[key] as string) : part[key];
  const { properties, items, additionalProperties } = part;
  if (properties !== undefined)
    out['properties'] = Object.fromEntries(
      Object.entries(properties as Record<string, JsonSchema>).map(([key, value]) => [key, converted(value)]),
    );
  else if (typeof additionalProperties === 'object' && additionalProperties !== null)
    out['additionalProperties'] = converted(additionalProperties as JsonSchema);
  if (items !== undefined) out['items'] = converted(items as JsonSchema);
  return out['type'] === undefined && Object.keys(part).length > 0
    ? { ...out, 'x-kubernetes-preserve-unknown-fields': true }
    : out;
}

const described = ({ description }: JsonSchema): JsonSchema => (description === undefined ? {} : { description });

function typeOf({ type, enum: words, const: word, properties }: JsonSchema): JsonSchema {
  const all = word === undefined ? (words as unknown[] | undefined) : [word];
  const given = type ?? (properties === undefined ? typeof (all?.[0] ?? undefined) : 'object');
  const types = (Array.isArray(given) ? given : [given]) as string[];
  const named = types.filter((each) => each !== NULL && each !== 'undefined');
  return {
    ...(all === undefined ? {} : { enum: all }),
    ...(types.includes(NULL) ? { nullable: true } : {}),
    ...(named.length === 0 ? {} : { type: named[0] }),
  };
}

/** All of several schemas, of which the first may be empty. */
const both = (one: JsonSchema, other: JsonSchema): JsonSchema => {
  if (one['pattern'] === undefined || other['pattern'] === undefined) return { ...other, ...one };
  const { pattern, ...rest } = other;
  return { ...rest, ...one, allOf: [...((one['allOf'] ?? []) as JsonSchema[]), { pattern }] };
};

/** Kubernetes has no null and no union but that of whole numbers and text. */
function oneOf(alternatives: readonly JsonSchema[]): JsonSchema {
  const isNull = (each: JsonSchema): boolean => each['nullable'] === true && each['type'] === undefined;
  const others = alternatives.filter((each) => !isNull(each));
  const nullable = others.length < alternatives.length ? { nullable: true } : {};
  const [only, ...more] = others;
  if (only === undefined || more.length === 0) return { ...only, ...nullable };
  const types = new Set(others.map(({ type }) => type));
  if (types.size === 1) return { type: only['type'], ...nullable, anyOf: others.map(checksOf) };
  const isNumberOrText = Array.from(types).every((type) =>
    ['integer', 'number', 'string', undefined].includes(type as string),
  );
  if (!isNumberOrText) return { 'x-kubernetes-preserve-unknown-fields': true, ...nullable };
  const texts = others.filter(({ type }) => type === 'string' || type === undefined).map(checksOf);
  const numbers = others.filter(({ type }) => type === 'integer' || type === 'number').map(checksOf);
  return {
    'x-kubernetes-int-or-string': true,
    ...nullable,
    // A check of numbers passes text, and the other way round.
    ...(numbers.length === 1 ? numbers[0] : {}),
    ...(texts.length > 1 ? { anyOf: texts } : texts[0]),
  };
}

const checksOf = (schema: JsonSchema): JsonSchema =>
  Object.fromEntries(Object.entries(schema).filter(([key]) => CHECKS.includes(key) || key === 'enum'));

/** kubectl sends YAML, in which a raw control character is refused. */
const ascii = (pattern: string): string =>
  pattern.replaceAll(/[^\x20-\x7e]/gu, (character) => `\\x{${(character.codePointAt(0) ?? 0).toString(16)}}`);
