import { DozlabError } from '../../core/errors';
import { defaultValues } from './defaults';
import { isInOpenMap, nulls } from './nulls';
import { checkSchema, type ValueProblem, withoutProblems } from '../../core/value-problem';
import { ruleProblems } from '../rules/all';
import { type SessionValues, type SessionValuesInput, valuesSchema } from './schema';
import { shownPath } from '../../core/redact';
import { at, isMapping, type Mapping, mergeTrees } from '@dozlab/charts/schema';

/** What checking values gave: complete values when there are no errors, and everything there is to say of them. */
export interface CheckedValues {
  readonly values?: SessionValues;
  readonly problems: readonly ValueProblem[];
}

/**
 * Fills in the defaults of a session's values and checks them against the schema and the rules. The rules are asked of what is right
 * even when something else is wrong, so that everything is told at once.
 */
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
    isMapping(rest) ? mergeTrees(STAND_IN, mergeTrees(defaultValues(), rest)) : undefined,
  );
  if (data === undefined) return { problems };
  // Of what the rules say, what only tells that something is not there may come from what was left out here.
  const more = ruleProblems(data).filter(
    ({ severity, code, path }) => severity === 'error' && code !== 'missing' && at(complete, path) !== undefined,
  );
  return { problems: [...problems, ...more] };
}

/** Nulls that take a default away, as they do in Helm, where one is needed. */
const lostDefaults = (input: Mapping): ValueProblem[] =>
  nulls(input)
    .filter((path) => !isInOpenMap(path) && at(defaultValues(), path) !== undefined)
    .map((path) => ({
      severity: 'error',
      code: 'missing',
      path,
      message: 'is null, which takes its default away; accepted: leave it out',
    }));

/** Stands for what is missing, so that the rules can be asked of the rest. */
const STAND_IN: Mapping = { session: { id: 'id', userId: 'user' }, rootfs: { imageUrl: 'https://example.com' } };

/**
 * Complete, checked values of a session.
 * @throws DozlabError with code `invalid-values` and a message with a line for each error.
 */
export function parseValues(input: SessionValuesInput | Mapping): SessionValues {
  const { values, problems } = checkValues(input);
  if (values !== undefined) return values;
  const lines = problems
    .filter(({ severity }) => severity === 'error')
    .map(({ path, message }) => `  ${shownPath(path)} ${message}`);
  throw new DozlabError('invalid-values', `the values of the session are not valid:\n${lines.join('\n')}`);
}
