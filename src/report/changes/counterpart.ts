import type { Session } from '../../model/session';
import { inPlaceOf, withIdentityOf } from './normalize';
import { placeOf, type ChangedFile } from './object-changes';
import { manifestsOf, manifestsPath, type Snapshot } from './snapshot';

/** What was there before and is like a new file: what of that differs is all that there is to say of the new one. */
export interface Counterpart {
  /** Path within the project. */
  readonly path: string;
  /** Its text, with the names of the new one. */
  readonly text: string;
}

/** Finds what new files are like. */
export class Counterparts {
  private readonly sessions = new Map<string, Session>();

  constructor(private readonly before: Snapshot) {
    for (const session of before.sessions.values())
      for (const key of keysOf(session)) if (!this.sessions.has(key)) this.sessions.set(key, session);
  }

  /** A session of the same lab, in the same cohort if there is one. */
  ofSession(session: Session, manifests: string): Counterpart | undefined {
    const [found] = keysOf(session).flatMap((key) => this.sessions.get(key) ?? []);
    if (found === undefined) return undefined;
    const there = manifestsOf(this.before, found);
    const text = inPlaceOf(inPlaceOf(there, found.id, session.id), found.namespace, session.namespace);
    return { path: manifestsPath(found), text: withIdentityOf(manifests, text) };
  }

  /** A file of another cohort in the same folder. */
  ofFile({ path }: ChangedFile): Counterpart | undefined {
    const { folder, name } = placeOf(path);
    for (const [other, text] of this.before.output) {
      const place = placeOf(other);
      if (place.folder === folder) return { path: other, text: renamed(text.content, place.name, name) };
    }
    return undefined;
  }
}

const keysOf = ({ cohort, lab }: Session): string[] => [`${cohort}/${lab}`, lab];

/** A text about another namespace or cohort: its name where it is one, and not a word that only looks like it (`default`). */
const renamed = (text: string, from: string, to: string): string =>
  [`lab-${from}`, ...(from.startsWith('lab-') ? [from] : []), `sessions/${from}`, `releases/${from}`].reduce(
    (all, name) => inPlaceOf(all, name, name.slice(0, -from.length) + to),
    text,
  );
