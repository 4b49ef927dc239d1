import type { z } from 'zod';
import type { Tree } from '../schema/tree';

export type ExpressionType = 'text' | 'number' | 'truth' | 'scalar' | 'map' | 'list' | 'object';

export const ROOT = '\uE00F';

/** A value that the chart computes. */
export interface Expression {
  readonly type: ExpressionType;
  /** Over `v`, the values, and `f`, the functions. */
  readonly js: string;
  readonly go: string;
  readonly schema?: z.core.$ZodType;
  readonly isOptional?: boolean;
  readonly layers?: readonly Expression[];
}

/** Go templates read the escapes of JSON.stringify. */
export const goText = (text: string): string =>
  JSON.stringify(text).replace(/[\uE000-\uE00F]/g, (mark) => `\\u${mark.charCodeAt(0).toString(16)}`);

export function goTree(value: Tree): string {
  if (typeof value === 'string') return goText(value);
  if (value === null) return 'nil';
  if (Array.isArray(value)) return `(list ${value.map(goTree).join(' ')})`.replace(' )', ')');
  if (typeof value !== 'object') return JSON.stringify(value);
  return `(dict ${Object.entries(value)
    .map(([key, child]) => `${goText(key)} ${goTree(child)}`)
    .join(' ')})`.replace(' )', ')');
}

export const literal = (value: string | number | boolean): Expression => ({
  type: typeof value === 'string' ? 'text' : typeof value === 'number' ? 'number' : 'truth',
  js: goTree(value),
  go: goTree(value),
});

/** Go prints large numbers with an exponent, JSON does not. */
export function asText(expression: Expression): Expression {
  const { type, js, go } = expression;
  if (type === 'text') return expression;
  if (type === 'scalar') {
    return { type: 'text', js: `String(${js})`, go: `(ternary ${go} (toJson ${go}) (kindIs "string" ${go}))` };
  }
  return { type: 'text', js: `String(${js})`, go: `(toJson ${go})` };
}

export function joined(parts: readonly (string | Expression)[]): Expression {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return typeof only === 'string' ? literal(only) : asText(only);
  const texts = parts.map((part) => (typeof part === 'string' ? literal(part) : asText(part)));
  const format = parts.map((part) => (typeof part === 'string' ? part.replaceAll('%', '%%') : '%s')).join('');
  const operands = texts.filter((_, index) => typeof parts[index] !== 'string').map(({ go }) => go);
  return {
    type: 'text',
    js: `(${texts.map(({ js }) => js).join('+')})`,
    go: `(printf ${goText(format)} ${operands.join(' ')})`,
  };
}

export const truth = (js: string, go: string): Expression => ({ type: 'truth', js, go });
