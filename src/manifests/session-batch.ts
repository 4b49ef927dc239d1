import type { SessionSecret, SessionKind } from '../model/session';
import type { SessionValues } from '../api/values/schema';
import type { ReleaseProps } from './release';
import { releaseValues } from '../model/release-values';
import type { RenderedSession } from './session-files';

/** What the files of a cohort's sessions are made of, as plain data: another thread can make them of it. */
export interface SessionBatch {
  readonly cohort: string;
  readonly namespace: string;
  /** Where Helm delivers them. */
  readonly release: ReleaseProps | undefined;
  readonly kinds: readonly SessionKind[];
  readonly sessions: readonly BatchedSession[];
}

interface BatchedSession {
  readonly id: string;
  /** Its place among the kinds. */
  readonly kind: number;
  /** In what sessions of a kind differ. */
  readonly identity: Pick<SessionValues, 'session' | 'suspended'>;
  readonly secret?: SessionSecret;
}

/** @param sessions of the cohort */
export function batchOf(
  { cohort, namespace, release }: Pick<SessionBatch, 'cohort' | 'namespace' | 'release'>,
  sessions: readonly RenderedSession[],
): SessionBatch {
  const places = new Map<SessionKind, number>();
  const batched = sessions.map((session): BatchedSession => {
    const { id, values, secret } = session;
    const kind = session.kind ?? { values, given: session.given };
    const place = places.get(kind) ?? places.size;
    places.set(kind, place);
    const { suspended } = values;
    const identity = { session: values.session, ...(suspended === undefined ? {} : { suspended }) };
    return { id, kind: place, identity, ...(secret === undefined ? {} : { secret }) };
  });
  const kinds = Array.from(places.keys(), ({ values, given }) => ({ values, given }));
  return { cohort, namespace, release, kinds, sessions: batched };
}

/** The sessions of a batch. */
export const sessionsIn = ({ cohort, namespace, kinds, sessions }: SessionBatch): RenderedSession[] =>
  sessions.flatMap(({ id, kind: place, identity, secret }): RenderedSession[] => {
    const kind = kinds[place];
    if (kind === undefined) return [];
    const values = { ...kind.values, ...identity };
    return [
      {
        ...{ id, cohort, namespace, kind, values },
        ...(secret === undefined ? {} : { secret }),
        get given() {
          return releaseValues(kind.given, identity, secret);
        },
      },
    ];
  });
