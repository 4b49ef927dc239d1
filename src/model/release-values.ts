import { at, type Mapping, mergeTrees, type Path } from '@dozlab/charts/schema';
import type { SessionSecret } from './session';

const NAME_OF_SECRET: Path = ['codeServer', 'existingSecret'];

/**
 * The values of a session's release. They name the Secret, so that the chart makes none, unless the chart is to make it.
 * @param given the values that files give, without defaults
 * @param identity who the session is for, as values
 */
export function releaseValues(given: Mapping, identity: Mapping, secret: SessionSecret | undefined): Mapping {
  const values = { ...given, ...identity };
  if (secret === undefined || secret.isMadeByChart === true) return values;
  const { name } = secret.place;
  // What sessions share stays the same object: it is printed once.
  if (at(given, NAME_OF_SECRET) === name) return values;
  return mergeTrees(values, { codeServer: { existingSecret: name } });
}
