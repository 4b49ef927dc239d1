import { releaseValues, type Session } from '../../model/session';
import { imagesOf } from '../../resolve/value-layers';
import { at, isMapping, leaves, type Mapping, type Path, pathText } from '@dozlab/charts/schema';
import { isHidden } from '../../core/redact';
import { NOT_SHOWN } from '../../core/secret-forms';
import { NOT_SHOWN_CHANGED } from './mask-secrets';
import type { Snapshot } from './snapshot';

/** Possible secrets are hidden. */
export interface ValueChange {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

export interface SetValue {
  readonly path: string;
  readonly value: string;
}

const LONGEST_SHOWN = 100;
const NOT_SET = '(not set)';

/** Compares the values that files set, with the default where only one file sets a value. */
export function valueChanges(before: Session, after: Session): ValueChange[] {
  const facts: readonly [string, string, string][] = [
    ['lab', before.lab, after.lab],
    ['secret', before.secret.place.name, after.secret.place.name],
    ['secret provider', before.secret.provider, after.secret.provider],
  ];
  const ofFacts = facts
    .filter(([, was, is]) => was !== is)
    .map(([path, was, is]): ValueChange => ({ path, before: was, after: is }));
  const set = [before, after].flatMap((session) => setPaths(releaseValues(session)));
  const paths = new Map(set.map((path) => [pathText(path), path]));
  const ofValues = Array.from(paths).flatMap(([text, path]): ValueChange[] => {
    if (OF_SECRET.includes(text)) return [];
    const [was, is] = [at(before.values, path), at(after.values, path)];
    if (JSON.stringify(was) === JSON.stringify(is)) return [];
    const [old, young] = [shown(path, was), shown(path, is)];
    const areHidden = old === NOT_SHOWN && young === NOT_SHOWN;
    return [{ path: NAMES[text] ?? text, before: old, after: areHidden ? NOT_SHOWN_CHANGED : young }];
  });
  return [...ofFacts, ...ofValues.sort((one, other) => (one.path < other.path ? -1 : 1))];
}

/** Values that have another name in a session's file. */
const NAMES: Readonly<Record<string, string>> = {
  'session.userId': 'userId',
  'session.expiresAt': 'expiresAt',
};

/** Compared as the name of the Secret. */
const OF_SECRET = ['codeServer.existingSecret'];

/** A list is one value. */
const setPaths = (tree: Mapping): Path[] => leaves(tree).flatMap(([path, value]) => (isMapping(value) ? [] : [path]));

function shown(path: Path, value: unknown): string {
  if (value === undefined) return NOT_SET;
  if (!isEmpty(value) && isHidden(path, value)) return NOT_SHOWN;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const characters = Array.from(text);
  return characters.length > LONGEST_SHOWN ? `${characters.slice(0, LONGEST_SHOWN).join('')}…` : text;
}

const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

export const setValues = (values: Mapping): SetValue[] =>
  setPaths(values).map((path) => ({ path: pathText(path), value: shown(path, at(values, path)) }));

export interface ImageChange {
  readonly of: string;
  /** Undefined if only new sessions have the image. */
  readonly before?: string;
  readonly after: string;
  readonly sessions: number;
}

export function imageChanges(before: Snapshot, after: Snapshot): ImageChange[] {
  let existing: ReadonlySet<string> | undefined;
  const exists = (image: Image): boolean => {
    existing ??= new Set(Array.from(before.sessions.values()).flatMap((session) => imagesAt(session).map(textOf)));
    return existing.has(textOf(image));
  };
  const found = new Map<string, ImageChange>();
  const count = (change: Omit<ImageChange, 'sessions'>): void => {
    const key = JSON.stringify(change);
    found.set(key, { ...change, sessions: (found.get(key)?.sessions ?? 0) + 1 });
  };
  for (const [key, session] of after.sessions) {
    const was = before.sessions.get(key);
    if (was === session) continue;
    const images = new Map(was === undefined ? [] : imagesAt(was).map(({ of, image }) => [of, image]));
    for (const { of, image } of imagesAt(session)) {
      const old = images.get(of);
      if (was !== undefined && old !== undefined && old !== image) count({ of, before: old, after: image });
      else if (was === undefined && !exists({ of, image })) count({ of, after: image });
    }
  }
  return Array.from(found.values());
}

interface Image {
  readonly of: string;
  readonly image: string;
}

const textOf = ({ of, image }: Image): string => `${of} ${image}`;

export const imagesAt = ({ values }: Session): Image[] => [
  ...imagesOf(values).map(({ path, image }) => ({ of: pathText(path), image })),
  { of: 'rootfs', image: shownUrl(values.rootfs.imageUrl) },
];

/** Removes user and parameters, which may be credentials. */
function shownUrl(text: string): string {
  if (!isHidden(['rootfs', 'imageUrl'], text)) return text;
  const { origin, pathname } = new URL(text);
  return `${origin}${isHidden(['pathname'], pathname) ? '' : pathname} (more is not shown)`;
}
