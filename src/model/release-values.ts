import { at, type Mapping, mergeTrees, type Path, type Tree } from '@dozlab/charts/schema';
import { IDENTITY_KEYS } from '../api/session-identity';
import type { Session } from './session';

const NAME_OF_SECRET: Path = ['codeServer', 'existingSecret'];

/** The values name the Secret, so that the chart makes none, unless `isMadeByChart`. */
export function releaseValues({
  values,
  given,
  secret,
}: Pick<Session, 'values' | 'given'> & Partial<Pick<Session, 'secret'>>): Mapping {
  const all = { ...given, ...picked(values, IDENTITY_KEYS) };
  if (secret === undefined || secret.isMadeByChart === true) return all;
  const { name } = secret.place;
  // What sessions share stays the same object: it is printed once.
  if (at(given, NAME_OF_SECRET) === name) return all;
  return mergeTrees(all, { codeServer: { existingSecret: name } });
}

const picked = (values: Session['values'], keys: readonly string[]): Mapping =>
  Object.fromEntries<Tree>(Object.entries(values as unknown as Mapping).filter(([key]) => keys.includes(key)));
