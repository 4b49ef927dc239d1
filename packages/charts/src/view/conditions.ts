import { goPattern } from '../schema/go-pattern';
import { goText, truth } from './expression';
import { expressionOf, isSymbolic, dependsOnValues, Symbolic } from './symbolic';
import { type Bool, opened, type Optional } from './view';

const boolOf = (value: boolean | Symbolic): Bool => value as unknown as Bool;

export const symbolicBool = (js: string, go: string): Bool => boolOf(new Symbolic(truth(js, go)));

export const concreteBool = (value: boolean): Bool => boolOf(value);

const combine =
  (js: string, go: string, compute: (conditions: boolean[]) => boolean) =>
  (...conditions: Bool[]): Bool => {
    if (!conditions.some(isSymbolic)) return concreteBool(compute(conditions.map((each) => opened<boolean>(each))));
    const all = conditions.map((each) => expressionOf(each));
    return symbolicBool(`(${all.map((each) => each.js).join(js)})`, `(${go} ${all.map((each) => each.go).join(' ')})`);
  };

/** True when every condition is. */
export const and = combine('&&', 'and', (conditions) => conditions.every(Boolean));

/** True when at least one condition is. */
export const or = combine('||', 'or', (conditions) => conditions.some(Boolean));

/** True when the condition is not. */
export function not(condition: Bool): Bool {
  if (!isSymbolic(condition)) return concreteBool(!opened<boolean>(condition));
  const { js, go } = expressionOf(condition);
  return symbolicBool(`!${js}`, `(not ${go})`);
}

/** Compares two texts: `===` would compare placeholders. */
export function equals(one: string, other: string): Bool {
  if (!dependsOnValues(one) && !dependsOnValues(other)) return concreteBool(one === other);
  const [left, right] = [expressionOf(one), expressionOf(other)];
  return symbolicBool(`(${left.js}===${right.js})`, `(eq ${left.go} ${right.go})`);
}

/**
 * True if the text has the pattern.
 * @throws PatternProblem when Go has no such pattern
 */
export function matches(value: string, pattern: RegExp): Bool {
  if (!dependsOnValues(value)) return concreteBool(pattern.test(value));
  const { js, go } = expressionOf(value);
  return symbolicBool(`${String(pattern)}.test(${js})`, `(regexMatch ${goText(goPattern(pattern))} ${go})`);
}

/** True if the value is neither absent nor null. */
export function isSet(value: Optional<unknown>): Bool {
  if (!isSymbolic(value)) return concreteBool(opened<unknown>(value) != null);
  const { js, go } = expressionOf(value);
  return symbolicBool(`(${js}!=null)`, `(not (kindIs "invalid" ${go}))`);
}

/** A condition as the value of a boolean field. */
export const asBoolean = (condition: Bool): boolean => opened<boolean>(condition);
