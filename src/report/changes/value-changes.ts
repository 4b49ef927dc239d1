import type { Session } from '../../model/session';
import { at, isMapping, leaves, type Mapping, type Path, pathText } from '@dozlab/charts/schema';
import { NOT_SHOWN, NOT_SHOWN_EITHER } from './masked';
import { isSecretText } from './secret-text';

/** A value that is another one after a change. */
export interface ValueChange {
  /** Such as `firecracker.vm.memory`. */
  readonly path: string;
  /** As it is shown; of what may be secret only that it is set. */
  readonly before: string;
  readonly after: string;
}

/** A value that a session's own file sets. */
export interface SetValue {
  readonly path: string;
  /** As it is shown; of what may be secret only that it is set. */
  readonly value: string;
}

const LONGEST_SHOWN = 100;
const NOT_SET = '(not set)';

/** What of two sessions' settings differs: what their files say, with the defaults in place of what only one of them says. */
export function valueChanges(before: Session, after: Session): ValueChange[] {
  const facts: readonly [string, string, string][] = [
    ['lab', before.lab, after.lab],
    ['secret', before.secret.place.name, after.secret.place.name],
    ['secret provider', before.secret.provider, after.secret.provider],
  ];
  const ofFacts = facts
    .filter(([, was, is]) => was !== is)
    .map(([path, was, is]): ValueChange => ({ path, before: was, after: is }));
  const paths = new Map([...setPaths(before.given), ...setPaths(after.given)].map((path) => [pathText(path), path]));
  const ofValues = Array.from(paths).flatMap(([text, path]): ValueChange[] => {
    if (OF_SECRET.includes(text)) return [];
    const [was, is] = [at(before.values, path), at(after.values, path)];
    if (JSON.stringify(was) === JSON.stringify(is)) return [];
    const [old, young] = [shown(path, was), shown(path, is)];
    const isHidden = old === NOT_SHOWN && young === NOT_SHOWN;
    return [{ path: NAMES[text] ?? text, before: old, after: isHidden ? NOT_SHOWN_EITHER : young }];
  });
  return [...ofFacts, ...ofValues.sort((one, other) => (one.path < other.path ? -1 : 1))];
}

/** What is called otherwise in a session's file. */
const NAMES: Readonly<Record<string, string>> = {
  'session.userId': 'userId',
  'session.expiresAt': 'expiresAt',
};

/** Told by the name of the Secret. */
const OF_SECRET = ['codeServer.existingSecret'];

/** The paths of what is set; lists count as a whole. */
const setPaths = (tree: Mapping): Path[] => leaves(tree).flatMap(([path, value]) => (isMapping(value) ? [] : [path]));

function shown(path: Path, value: unknown): string {
  if (value === undefined) return NOT_SET;
  if (!isEmpty(value) && isSecretText(path, value)) return NOT_SHOWN;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const characters = Array.from(text);
  return characters.length > LONGEST_SHOWN ? `${characters.slice(0, LONGEST_SHOWN).join('')}…` : text;
}

const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

/** Values that a file sets, as they are shown. */
export const setValues = (values: Mapping): SetValue[] =>
  setPaths(values).map((path) => ({ path: pathText(path), value: shown(path, at(values, path)) }));
