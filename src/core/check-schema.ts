import type { z } from 'zod';
import { at, isMapping, keysAt, nearest, type Path, placesOf } from '@dozlab/charts/schema';
import type { ValueProblem } from './diagnostics';
import { shownKey, shownValue } from './redact';

export interface SchemaCheck<T> {
  readonly data?: T;
  readonly problems: ValueProblem[];
}

/** @param place of the input, which decides what messages show; the paths of problems do not start with it */
export function checkSchema<T extends z.ZodType>(
  schema: T,
  input: unknown,
  place: Path = [],
): SchemaCheck<z.output<T>> {
  const result = schema.safeParse(input);
  if (result.success) return { data: result.data, problems: [] };
  const problems = result.error.issues.flatMap((issue) => problemsOf(schema, input, issue, place));
  return { problems: Array.from(new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()) };
}

function problemsOf(schema: z.ZodType, input: unknown, issue: z.core.$ZodIssue, place: Path): ValueProblem[] {
  const path = issue.path.filter((step) => typeof step !== 'symbol');
  if (issue.code === 'unrecognized_keys') {
    const keys = keysAt(schema, path);
    return issue.keys.map((key) => unknownKey(schema, keys, path, key));
  }
  if (issue.code === 'invalid_key') {
    const accepted = issue.issues[0]?.message ?? issue.message;
    const message = `is the key ${shownKey(String(path.at(-1)))}; accepted: ${accepted}`;
    return [{ severity: 'error', code: 'wrong-value', path, key: true, message }];
  }
  const value = at(input, path);
  if (value === undefined) {
    return [{ severity: 'error', code: 'missing', path, message: `is missing; accepted: ${issue.message}` }];
  }
  const isStructureExpected = ['a mapping', 'a list'].includes(issue.message);
  const isScalar = typeof value === 'string' || typeof value === 'number';
  const isWrongType = issue.code === 'invalid_type' || (issue.code === 'invalid_union' && !isScalar);
  const message = `is ${shownValue([...place, ...path], value, !isStructureExpected)}; accepted: ${issue.message}`;
  return [{ severity: 'error', code: isWrongType ? 'wrong-type' : 'wrong-value', path, message }];
}

function unknownKey(schema: z.ZodType, keys: readonly string[], path: Path, key: string): ValueProblem {
  const place = { severity: 'error', path: [...path, key], key: true } as const;
  if (path.at(-1) === 'codeServer' && key.startsWith('password')) {
    const message =
      'looks like a password, without the space after its colon. A password must not be in Git. Fix: remove it';
    return { ...place, code: 'secret-in-file', message };
  }
  const near = nearest(key, keys);
  const places = placesOf(schema, key);
  const hint = near ?? (places.length === 1 ? places[0] : undefined);
  const help = hint === undefined ? `known keys: ${keys.join(', ')}` : `did you mean ${hint}?`;
  return { ...place, code: 'unknown-key', message: `is not a known key; ${help}` };
}

/** Removes wrong values from a copy. */
export function withoutProblems(input: unknown, problems: readonly ValueProblem[]): unknown {
  const copy = structuredClone(input);
  for (const { path } of problems) {
    const inList = path.findIndex((step) => typeof step === 'number');
    const whole = inList < 0 ? path : path.slice(0, inList);
    const parent = at(copy, whole.slice(0, -1));
    const key = whole.at(-1);
    if (isMapping(parent) && key !== undefined) Reflect.deleteProperty(parent, key);
  }
  return copy;
}
