import { k8s } from 'cdk8s-plus-28';
import { z } from 'zod';
import { unwrap } from '../schema/defaults';
import { equals, isSet } from './conditions';
import { passed } from './conditional-leaves';
import { asText } from './expression';
import { expectWhole, expressionOf, isSymbolic, dependsOnValues, symbol, symbolicView } from './symbolic';
import { type Bool, type Choice, type Leaf, opened, type Optional, type Scalar } from './view';
import { when } from './when';

/** An enum, a number or a scalar as text. */
export function text(value: Choice<string> | Scalar | string | number): string {
  if (!dependsOnValues(value)) return String(opened<string | number>(value));
  return opened<string>(symbol(asText(expressionOf(value))));
}

/** True if an enum has this word. */
export const is = <T extends string>(choice: Choice<T>, word: NoInfer<T>): Bool =>
  equals(isSymbolic(choice) ? text(choice) : opened<T>(choice), word);

/** A Kubernetes quantity, such as `500m` or `2Gi`. */
export const quantity = (value: Scalar | string): k8s.Quantity => k8s.Quantity.fromString(text(value));

/** Replaces an absent value. */
export function orElse<T extends string>(value: Optional<T>, otherwise: string): string;
export function orElse(value: Optional<string | number>, otherwise: string): string;
export function orElse(value: Optional<number>, otherwise: number): number;
export function orElse(value: Optional<boolean>, otherwise: boolean): Bool;
export function orElse(value: Optional<unknown>, otherwise: string | number | boolean): unknown {
  if (!isSymbolic(value)) {
    const result = opened<unknown>(value) ?? otherwise;
    return typeof result === 'number' && typeof otherwise === 'string' ? String(result) : result;
  }
  const [given, fallback] = [expressionOf(value), expressionOf(otherwise)];
  const printed = typeof otherwise === 'string' ? asText(given) : given;
  return symbol({
    type: printed.type,
    js: `(${given.js}==null?${fallback.js}:${printed.js})`,
    go: `(ternary ${fallback.go} ${printed.go} (kindIs "invalid" ${given.go}))`,
  });
}

/**
 * An optional value for an optional field.
 * @throws TypeError when a part has a default, which Helm does not fill in here
 */
export function optional<T>(value: Optional<T>): T | undefined {
  if (!isSymbolic(value)) return opened<T | null | undefined>(value) ?? undefined;
  const { schema, type, js } = value.expression;
  if (schema === undefined || !['object', 'list', 'map'].includes(type))
    return opened<T | undefined>(when(isSet(value), opened<T>(present(value))));
  const { schema: whole } = unwrap(type === 'list' ? z.array(schema as z.ZodType) : schema);
  expectWhole(whole, js);
  return opened<T | undefined>(when(isSet(value), passed(expressionOf(value), whole)));
}

/** The content of an optional value, for use under `when(isSet(value), …)` or `include(…)`. */
export function present<T>(value: Optional<T>): Leaf<T> {
  if (!isSymbolic(value)) return opened<Leaf<T>>(value);
  const { isOptional: _, ...expression } = expressionOf(value);
  const { schema, js, go } = expression;
  // Helm evaluates both branches of `ternary`: a member of an absent object must be nothing, not an error.
  if (expression.type === 'object' && schema !== undefined)
    return opened<Leaf<T>>(symbolicView(schema, { js, go: `(default dict ${go})`, isInside: true }));
  return opened<Leaf<T>>(symbol(expression));
}
