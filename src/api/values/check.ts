import { DozlabError } from '../../core/errors';
import { defaultValues } from './defaults';
import { isInOpenMap, nulls } from './overrides';
import type { ValueProblem } from '../../core/diagnostics';
import { checkSchema, withoutProblems } from '../../core/check-schema';
import { ruleProblems } from '../rules/all';
import { type SessionValues, type SessionValuesInput, valuesSchema } from './schema';
import { safeMessage, shownPath } from '../../core/redact';
import { at, isMapping, type Mapping, mergeTrees } from '@dozlab/charts/schema';

/** Complete values if there is no error. */
export interface CheckedValues {
  readonly values?: SessionValues;
  readonly problems: readonly ValueProblem[];
}

/** Checks values and fills in defaults. Rules also check the valid part of wrong values, to report all problems. */
export function checkValues(input: unknown): CheckedValues {
  const complete = isMapping(input) ? mergeTrees(defaultValues(), input) : input;
  const { data: values, problems: wrong } = checkSchema(valuesSchema, complete);
  const problems = [...(isMapping(input) ? lostDefaults(input) : []), ...wrong];
  if (values !== undefined && problems.length === 0) {
    const found = ruleProblems(values);
    return found.some(({ severity }) => severity === 'error') ? { problems: found } : { values, problems: found };
  }
  const rest = isMapping(input) ? withoutProblems(input, problems) : undefined;
  const { data } = valuesSchema.safeParse(
    isMapping(rest) ? mergeTrees(PLACEHOLDER_VALUES, mergeTrees(defaultValues(), rest)) : undefined,
  );
  if (data === undefined) return { problems };
  // A rule fails on values that the schema rejected and that are left out here.
  const more = ruleProblems(data).filter(
    ({ severity, code, path }) => severity === 'error' && code !== 'missing' && at(complete, path) !== undefined,
  );
  return { problems: [...problems, ...more] };
}

/** A null removes a default, as in Helm. */
const lostDefaults = (input: Mapping): ValueProblem[] =>
  nulls(input)
    .filter((path) => !isInOpenMap(path) && at(defaultValues(), path) !== undefined)
    .map((path) => ({
      severity: 'error',
      code: 'missing',
      path,
      message: 'is null, which takes its default away; accepted: leave it out',
    }));

/** Lets the rules check the rest. */
const PLACEHOLDER_VALUES: Mapping = {
  session: { id: 'id', userId: 'user' },
  rootfs: { imageUrl: 'https://example.com' },
};

/**
 * Complete, checked values.
 * @throws DozlabError `invalid-values`, with one line for each error
 */
export function parseValues(input: SessionValuesInput | Mapping): SessionValues {
  const { values, problems } = checkValues(input);
  if (values !== undefined) return values;
  const lines = problems
    .filter(({ severity }) => severity === 'error')
    .map(({ path, message }) => `  ${shownPath(path)} ${safeMessage(message)}`);
  throw new DozlabError('invalid-values', `the values of the session are not valid:\n${lines.join('\n')}`);
}
