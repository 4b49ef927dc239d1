import { z } from 'zod';
import type { Tree } from '../schema/tree';
import { asText, type Expression, type ExpressionType, goText, goTree, literal, ROOT } from './expression';
import { unwrap } from '../schema/defaults';
import { EXPRESSION, hasPlaceholder, isBuildingChart, placeholders } from './placeholders';

/** Works in a template literal and where cdk8s resolves tokens. Arithmetic, comparison and JSON.stringify throw. */
export class Symbolic {
  private readonly placeholder: string;

  constructor(readonly expression: Expression) {
    this.placeholder = placeholders().issue({ kind: 'expression', expression });
  }

  /** cdk8s replaces any object that has this method. */
  resolve(): string {
    this.expectSingle();
    return this.placeholder;
  }

  toString(): string {
    this.expectSingle();
    this.use();
    return placeholders().issue({ kind: 'expression', expression: asText(this.expression) });
  }

  [Symbol.toPrimitive](hint: string): string {
    if (hint === 'string') return this.toString();
    throw new TypeError(
      `${this.expression.js} has no value before the chart is used: no arithmetic, no comparison. Fix: use the combinators or a textFunction`,
    );
  }

  toJSON(): never {
    throw new TypeError(
      `${this.expression.js} has no value before the chart is used, so JSON.stringify cannot print it. Fix: make the text by a textFunction`,
    );
  }

  use(): void {
    placeholders().whole(this.placeholder, EXPRESSION);
  }

  private expectSingle(): void {
    const { type, isOptional, js } = this.expression;
    if (isOptional === true)
      throw new TypeError(`${js} may be absent. Fix: use optional, orElse, or present under when(isSet(…), …)`);
    const combinators = COMBINATORS[type];
    if (combinators !== undefined) throw new TypeError(`${js} is of the type ${type}. Fix: use ${combinators}`);
  }
}

const COMBINATORS: Readonly<Partial<Record<ExpressionType, string>>> = {
  list: 'list, spread or each',
  map: 'map, merge or quantities',
  object: 'optional or present',
};

export const symbol = (expression: Expression): unknown =>
  expression.type === 'text' ? placeholders().issue({ kind: 'expression', expression }) : new Symbolic(expression);

export const isSymbolic = (value: unknown): value is Symbolic => value instanceof Symbolic;

export const dependsOnValues = (value: unknown): boolean =>
  isBuildingChart() && (isSymbolic(value) || (typeof value === 'string' && hasPlaceholder(value)));

export function expressionOf(value: unknown): Expression {
  if (isSymbolic(value)) {
    value.use();
    return value.expression;
  }
  if (typeof value === 'string')
    return hasPlaceholder(value) ? placeholders().expressionOf(value, EXPRESSION) : literal(value);
  if (typeof value === 'number' || typeof value === 'boolean') return literal(value);
  throw new TypeError(`${typeof value} cannot be part of an expression`);
}

interface Kind {
  readonly type: ExpressionType;
  readonly isChoice?: boolean;
}

function kindOf(schema: z.core.$ZodType, js: string): Kind {
  if (schema instanceof z.ZodLiteral) return kindOfWords(Array.from(schema.values), js);
  if (schema instanceof z.ZodEnum) return kindOfWords(schema.options, js);
  if (schema instanceof z.ZodUnion) {
    const kinds = schema.options.map((option) => kindOf(unwrap(option).schema, js));
    const types = new Set(kinds.map(({ type }) => type));
    if (Array.from(types).every((type) => ['text', 'number', 'scalar'].includes(type)))
      return types.size > 1
        ? { type: 'scalar' }
        : { type: kinds[0]?.type ?? 'scalar', isChoice: kinds.every(({ isChoice }) => isChoice) };
  }
  if (schema instanceof z.ZodRecord && schema.keyType._zod.def.type !== 'string')
    throw new TypeError(`${js}: a z.record whose keys are listed. Fix: use z.strictObject, or z.string() for the keys`);
  const type = TYPES[schema._zod.def.type];
  if (type !== undefined) return { type };
  throw new TypeError(
    `${js}: a value of z.${schema._zod.def.type} cannot be printed. Fix: use text, numbers, booleans, lists, maps and objects`,
  );
}

const TYPES: Readonly<Record<string, ExpressionType | undefined>> = {
  string: 'text',
  number: 'number',
  boolean: 'truth',
  record: 'map',
  array: 'list',
  object: 'object',
};

function kindOfWords(words: readonly unknown[], js: string): Kind {
  const types = new Set(words.map((word) => typeof word));
  const [only] = types;
  if (types.size === 1 && only === 'string') return { type: 'text', isChoice: true };
  if (types.size === 1 && only === 'number') return { type: 'number' };
  if (types.size === 1 && only === 'boolean') return { type: 'truth' };
  if (types.size === 2 && types.has('string') && types.has('number')) return { type: 'scalar' };
  throw new TypeError(`${js}: one of ${words.map(String).join(', ')} is neither text nor a number nor a boolean`);
}

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;

const VALUES: Pick<Expression, 'js' | 'go'> = { js: 'v', go: `${ROOT}.Values` };

export type ValuePath = Pick<Expression, 'js' | 'go'> & { readonly isInside?: boolean };

/** Getters make symbols at the first read: unread values issue no placeholder. */
export function symbolicView(schema: z.core.$ZodType, from: ValuePath = VALUES): unknown {
  const { schema: inner, optional, default: given } = unwrap(schema);
  const source = from.isInside === true ? withDefault(from, inner, given, schema) : from;
  if (!(inner instanceof z.ZodObject) || optional) return symbolOf(inner, optional, source);
  const view = {};
  for (const [key, child] of Object.entries(inner.shape)) {
    Object.defineProperty(view, key, {
      enumerable: true,
      get: () => symbolicView(child as z.core.$ZodType, member(source, key)),
    });
  }
  return view;
}

function withDefault(
  from: ValuePath,
  inner: z.core.$ZodType,
  given: Tree | undefined,
  schema: z.core.$ZodType,
): ValuePath {
  const fallback = given ?? (inner instanceof z.ZodObject && schema instanceof z.ZodPrefault ? {} : undefined);
  if (fallback === undefined) return from;
  return { ...from, go: `(ternary ${goTree(fallback)} ${from.go} (kindIs "invalid" ${from.go}))` };
}

/** Methods of Helm's values hide keys of the same name. */
const METHODS = ['AsMap', 'Encode', 'PathValue', 'Table', 'YAML'];

export const member = ({ js, go, isInside }: ValuePath, key: string): ValuePath => ({
  js: IDENTIFIER.test(key) ? `${js}.${key}` : `${js}[${JSON.stringify(key)}]`,
  go:
    IDENTIFIER.test(key) && !(go === VALUES.go && METHODS.includes(key))
      ? `${go}.${key}`
      : `(index ${go} ${goText(key)})`,
  ...(isInside === true ? { isInside } : {}),
});

export function symbolOf(schema: z.core.$ZodType, optional: boolean, { js, go }: ValuePath): unknown {
  const { type, isChoice } = kindOf(schema, js);
  const inner = schema instanceof z.ZodArray ? schema.element : schema;
  const expression: Expression = { js, go, type, schema: inner, ...(optional ? { isOptional: true } : {}) };
  return optional || isChoice === true ? new Symbolic(expression) : symbol(expression);
}

/** @throws TypeError when constructs would see another value than Helm */
export function expectWhole(schema: z.core.$ZodType, js: string, seen = new Set<z.core.$ZodType>()): void {
  const { schema: inner, default: given } = unwrap(schema);
  if (seen.has(inner)) return;
  seen.add(inner);
  const refuse = (what: string): never => {
    throw new TypeError(
      `${js} ${what}, so the value around it cannot be printed as a whole. Fix: print its parts, with each or present`,
    );
  };
  if (given !== undefined || (schema instanceof z.ZodPrefault && seen.size > 1))
    refuse('has a default, which Helm does not fill in here');
  if (['any', 'unknown', 'null'].includes(inner._zod.def.type) || isNullable(schema))
    refuse('may be null, which cdk8s leaves out and Helm does not');
  if (inner instanceof z.ZodArray) expectWhole(inner.element, `${js}[]`, seen);
  else if (inner instanceof z.ZodRecord) expectWhole(inner.valueType, `${js}.*`, seen);
  else if (inner instanceof z.ZodObject)
    for (const [key, child] of Object.entries(inner.shape)) expectWhole(child as z.core.$ZodType, `${js}.${key}`, seen);
  else if (inner instanceof z.ZodUnion) for (const option of inner.options) expectWhole(option, js, seen);
  else if (inner instanceof z.ZodTuple) for (const item of inner.def.items) expectWhole(item, `${js}[]`, seen);
  else if (inner instanceof z.ZodLazy) expectWhole(inner.def.getter(), js, seen);
}

function isNullable(schema: z.core.$ZodType): boolean {
  const { def } = schema._zod;
  if (schema instanceof z.ZodNullable) return true;
  return schema instanceof z.ZodOptional || schema instanceof z.ZodReadonly
    ? isNullable((def as z.core.$ZodOptionalDef).innerType)
    : false;
}
