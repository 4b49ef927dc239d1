import { describeValues, nearest, type ValueDescription } from '@dozlab/charts/schema';
import { DozlabError } from '../../core/errors';
import { safeMessage } from '../../core/redact';
import { valuesSchema } from './schema';

export const topLevelValues = (): ValueDescription[] =>
  describeValues(valuesSchema).filter(({ path }) => !path.includes('.'));

/** @throws DozlabError with code `invalid-usage` if there is no such value */
export function valuesAt(path: string): ValueDescription[] {
  const all = describeValues(valuesSchema);
  const value = all.find((each) => each.path === path);
  if (value !== undefined) return [value, ...all.filter((each) => each.path.startsWith(`${path}.`))];
  const paths = all.map((each) => each.path);
  const near = nearest(path, paths) ?? paths.find((each) => each.endsWith(`.${path}`));
  throw new DozlabError(
    'invalid-usage',
    `there is no value ${safeMessage(path)}${near === undefined ? '; dozlab explain lists the sections' : `; did you mean ${near}?`}`,
  );
}
