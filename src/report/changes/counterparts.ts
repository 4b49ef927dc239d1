import type { Session } from '../../model/session';
import { MemoByKey, replaceName, withIdentityOf } from './normalize';
import { outputPlace, type OutputChange } from './output-changes';
import { NAMESPACES, usualNamespaces } from './usual-namespaces';
import { manifestsOf, manifestsPath, type Snapshot } from './snapshot';

export interface Counterpart {
  /** Undefined for a namespace with default settings. */
  readonly path: string | undefined;
  readonly text: string;
  /** It is part of the same change. */
  readonly isNew: boolean;
}

/** Looks for them before the change first. Among new files, the first of its kind is shown whole. */
export class Counterparts {
  private readonly existing: SessionModels;
  private readonly added: SessionModels;

  constructor(
    private readonly before: Snapshot,
    private readonly after: Snapshot,
  ) {
    this.existing = new SessionModels(before, before.sessions);
    this.added = new SessionModels(
      after,
      new Map(Array.from(after.sessions).filter(([key]) => !before.sessions.has(key))),
    );
  }

  of(file: OutputChange, session: Session | undefined): Counterpart | undefined {
    return session === undefined || file.path.startsWith('dist/releases/')
      ? this.ofFile(file)
      : this.ofSession(session, file.after);
  }

  /** A session of the same lab, in the same cohort if possible; or else of another lab. */
  private ofSession(session: Session, manifests: string): Counterpart | undefined {
    const keys = keysOf(session, this.after);
    // A new model is compared with farther ones only: otherwise two could be compared with each other, and none shown.
    const own = keys.findLastIndex((key) => this.added.of(key)?.session === session);
    const sources = keys.flatMap((key, level) => [
      { models: this.existing, key },
      ...(level > own ? [{ models: this.added, key }] : []),
    ]);
    for (const { models, key } of sources) {
      const found = models.of(key);
      if (found === undefined) continue;
      const { id, namespace } = found.session;
      const text = replaceName(replaceName(found.text, id, session.id), namespace, session.namespace);
      return {
        path: manifestsPath(found.session),
        text: withIdentityOf(manifests, text),
        isNew: models === this.added,
      };
    }
    return undefined;
  }

  private ofFile({ path }: OutputChange): Counterpart | undefined {
    const { folder, name } = outputPlace(path);
    if (path.startsWith(NAMESPACES)) {
      const [usual] = usualNamespaces(this.before);
      if (usual !== undefined)
        return { path: usual.path, text: replaceName(usual.text, usual.name, name), isNew: false };
    }
    for (const snapshot of [this.before, this.after])
      for (const [other, text] of snapshot.output) {
        const place = outputPlace(other);
        if (place.folder !== folder) continue;
        if (other === path) return undefined;
        const renamed = renameCohort(text.content, place.name, name);
        return { path: other, text: renamed, isNew: snapshot === this.after };
      }
    return undefined;
  }
}

interface Model {
  readonly session: Session;
  readonly text: string;
}

class SessionModels {
  private models: ReadonlyMap<string, Session> | undefined;
  private readonly texts = new MemoByKey<string>();

  constructor(
    private readonly snapshot: Snapshot,
    private readonly sessions: ReadonlyMap<string, Session>,
  ) {}

  of(key: string): Model | undefined {
    this.models ??= modelsOf(this.snapshot, this.sessions);
    const session = this.models.get(key);
    if (session === undefined) return undefined;
    return { session, text: this.texts.of(key, () => manifestsOf(this.snapshot, session)) };
  }
}

/** One without own values if there is any, or else the most frequent: an odd session is the difference. */
function modelsOf(snapshot: Snapshot, sessions: ReadonlyMap<string, Session>): Map<string, Session> {
  const counts = new Map<string, Map<string, Counted>>();
  for (const session of sessions.values()) {
    const own = ownValues(session, snapshot);
    for (const key of keysOf(session, snapshot)) {
      const forms = counts.get(key) ?? new Map<string, Counted>();
      counts.set(key, forms);
      const form = `${session.lab} ${own}`;
      const found = forms.get(form) ?? { session, count: own === NONE ? MANY : 0 };
      forms.set(form, found);
      found.count += 1;
    }
  }
  return new Map(
    Array.from(counts, ([key, forms]) => {
      const [most] = Array.from(forms.values()).sort((one, other) => other.count - one.count) as [Counted];
      return [key, most.session];
    }),
  );
}

interface Counted {
  readonly session: Session;
  count: number;
}

const NONE = '{}';
const MANY = Number.MAX_SAFE_INTEGER / 2;

const ownValues = ({ cohort, id, values: { suspended } }: Session, { files }: Snapshot): string =>
  JSON.stringify({ ...files.get(`${cohort}/${id}`), ...(suspended === undefined ? {} : { suspended }) });

/** From near to far. */
function keysOf(session: Session, snapshot: Snapshot): string[] {
  const { cohort, lab } = session;
  const own = ownValues(session, snapshot);
  return [`${cohort} ${lab} ${own}`, `${lab} ${own}`, `${cohort} ${lab}`, lab, ''];
}

/** A cohort may have the name of a word, such as `default`. */
const renameCohort = (text: string, from: string, to: string): string =>
  [`lab-${from}`, ...(from.startsWith('lab-') ? [from] : []), `sessions/${from}`, `releases/${from}`].reduce(
    (all, name) => replaceName(all, name, name.slice(0, -from.length) + to),
    text,
  );
