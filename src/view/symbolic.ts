import { z } from 'zod';
import { ROOT, asText, goText, literal, type Expression, type ExpressionType } from './expression';
import { unwrap } from '../schema/defaults';
import { EXPRESSION, hasPlaceholder, isBuildingChart, placeholders } from './placeholders';

/**
 * A value known only when the chart is used, other than text (which is a placeholder inside an ordinary string). Works in a template
 * literal and where cdk8s resolves tokens; arithmetic and comparison throw, and so does a kind of value that has no place there.
 */
export class Symbolic {
  private readonly placeholder: string;

  constructor(readonly expression: Expression) {
    this.placeholder = placeholders().issue({ kind: 'expression', expression });
  }

  /** For cdk8s, which replaces any object that has this method. */
  resolve(): string {
    this.expectSingle();
    return this.placeholder;
  }

  /** In a template literal: as text, which a number alone in one is too. */
  toString(): string {
    this.expectSingle();
    this.use();
    return placeholders().issue({ kind: 'expression', expression: asText(this.expression) });
  }

  [Symbol.toPrimitive](hint: string): string {
    if (hint === 'string') return this.toString();
    throw new TypeError(
      `${this.expression.js} is not known yet: no arithmetic and no comparison with it; use the combinators of the view`,
    );
  }

  /** Says that the value has become part of something else. */
  use(): void {
    placeholders().whole(this.placeholder, EXPRESSION);
  }

  private expectSingle(): void {
    const { type, isOptional, js } = this.expression;
    if (isOptional === true)
      throw new TypeError(`${js} may be absent: use maybe, orElse, or given under when(isSet(…), …)`);
    if (['list', 'map', 'object'].includes(type)) {
      throw new TypeError(`${js} is a ${type}: use list, items or each, map, merge or quantities, maybe`);
    }
  }
}

/** A symbol in the form that constructs see: text as a placeholder, anything else as an object. */
export const symbol = (expression: Expression): unknown =>
  expression.type === 'text' ? placeholders().issue({ kind: 'expression', expression }) : new Symbolic(expression);

export const isSymbolic = (value: unknown): value is Symbolic => value instanceof Symbolic;

/** Whether a value is known only when the chart is used. */
export const isUnknown = (value: unknown): boolean =>
  isBuildingChart() && (isSymbolic(value) || (typeof value === 'string' && hasPlaceholder(value)));

/** The expression of anything that stands for a value: a symbol, a text with placeholders, or a plain value. */
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

function typeOf(schema: z.core.$ZodType): ExpressionType {
  if (schema instanceof z.ZodString || schema instanceof z.ZodEnum || schema instanceof z.ZodISODateTime) return 'text';
  if (schema instanceof z.ZodNumber) return 'number';
  if (schema instanceof z.ZodBoolean) return 'truth';
  if (schema instanceof z.ZodRecord) return 'map';
  if (schema instanceof z.ZodArray) return 'list';
  if (schema instanceof z.ZodObject) return 'object';
  if (schema instanceof z.ZodUnion) return 'scalar';
  throw new TypeError(`a value of the kind ${schema._zod.def.type} has no symbol`);
}

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** The values of a chart. */
export const VALUES: Pick<Expression, 'js' | 'go'> = { js: 'v', go: `${ROOT}.Values` };

/** The view of values that are known only when the chart is used. Symbols are made when they are read, so that none is made in vain. */
export function symbolicView(schema: z.core.$ZodType, from: Pick<Expression, 'js' | 'go'> = VALUES): unknown {
  const { schema: inner, optional } = unwrap(schema);
  if (!(inner instanceof z.ZodObject) || optional) return symbolOf(inner, optional, from);
  const view = {};
  for (const [key, child] of Object.entries(inner.shape)) {
    Object.defineProperty(view, key, {
      enumerable: true,
      get: () => symbolicView(child as z.core.$ZodType, member(from, key)),
    });
  }
  return view;
}

/** A member of an object: `v.a.b` and `.Values.a.b`. */
export const member = ({ js, go }: Pick<Expression, 'js' | 'go'>, key: string): Pick<Expression, 'js' | 'go'> => ({
  js: IDENTIFIER.test(key) ? `${js}.${key}` : `${js}[${JSON.stringify(key)}]`,
  go: IDENTIFIER.test(key) ? `${go}.${key}` : `(index ${go} ${goText(key)})`,
});

function symbolOf(schema: z.core.$ZodType, optional: boolean, from: Pick<Expression, 'js' | 'go'>): unknown {
  const type = typeOf(schema);
  const inner = schema instanceof z.ZodArray ? schema.element : schema;
  const expression: Expression = { ...from, type, schema: inner, ...(optional ? { isOptional: true } : {}) };
  return optional || schema instanceof z.ZodEnum ? new Symbolic(expression) : symbol(expression);
}
