import type { Session } from '../../model/session';
import { likeness, likenessOfChange, Once } from './normalize';
import { podEffect, type PodEffect } from './pod-effect';
import { partsOf, remainsAtEnd, type Remains } from './session-data';
import { isShared, manifestsOf, type Snapshot } from './snapshot';
import { setValues, valueChanges, type SetValue, type ValueChange } from './value-changes';

/** A session by its names, and whom it is for. */
export interface SessionName {
  readonly cohort: string;
  readonly id: string;
  readonly user: string;
  readonly lab: string;
}

export interface AddedSession extends SessionName {
  readonly expiresAt?: string;
  readonly isSuspended: boolean;
  /** Its file was there before, but was not valid, or not synthesized. */
  readonly wasInvalid: boolean;
  /** The values that its own file sets, as they are shown. */
  readonly values: readonly SetValue[];
}

export interface EndedSession extends SessionName, Pick<PodEffect, 'lost' | 'kept'> {
  /** The cohort in which there is a session of that name now: a new one. */
  readonly movedTo?: string;
}

/** Sessions that change alike. */
export interface ChangedSessions {
  readonly sessions: readonly SessionName[];
  /** Empty where only what is generated changes. */
  readonly changes: readonly ValueChange[];
  readonly effect: PodEffect;
}

export interface SessionChanges {
  readonly added: readonly AddedSession[];
  readonly changed: readonly ChangedSessions[];
  readonly ended: readonly EndedSession[];
}

/** What a change does to sessions. */
export function sessionChanges(before: Snapshot, after: Snapshot): SessionChanges {
  const added = missingIn(before, after).map((session) => addedSession(session, before, after));
  const moved = new Map(added.map(({ id, cohort }) => [id, cohort]).reverse() as [string, string][]);
  const remains = new Once<Remains>();
  const ended = missingIn(after, before)
    .filter((session) => !after.files.has(keyOf(session)))
    .map((session) => endedSession(session, manifestsOf(before, session), moved.get(session.id), remains));
  return { added, ended, changed: changedSessions(before, after) };
}

const keyOf = ({ cohort, id }: Session): string => `${cohort}/${id}`;

/** The sessions of the second that the first lacks. */
const missingIn = (first: Snapshot, second: Snapshot): Session[] =>
  Array.from(second.sessions).flatMap(([key, session]) => (first.sessions.has(key) ? [] : [session]));

const nameOf = ({ cohort, id, lab, values }: Session): SessionName => ({
  cohort,
  id,
  lab,
  user: values.session.userId,
});

function addedSession(session: Session, before: Snapshot, after: Snapshot): AddedSession {
  const { expiresAt } = session.values.session;
  return {
    ...nameOf(session),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    isSuspended: session.values.suspended === true,
    wasInvalid: before.files.has(keyOf(session)),
    values: setValues(after.files.get(keyOf(session)) ?? {}),
  };
}

function endedSession(
  session: Session,
  manifests: string,
  movedTo: string | undefined,
  remains: Once<Remains>,
): EndedSession {
  return {
    ...nameOf(session),
    ...remains.of(likeness(manifests, session.id), () => remainsAtEnd(partsOf(manifests))),
    ...(movedTo === undefined ? {} : { movedTo }),
  };
}

function changedSessions(before: Snapshot, after: Snapshot): ChangedSessions[] {
  const effects = new Once<PodEffect>();
  const groups = new Map<string, ChangedSessions & { readonly sessions: SessionName[] }>();
  const [deliveries, newDeliveries] = [before, after].map(
    ({ resolved }) => new Map(resolved.cohorts.map(({ name, delivery }) => [name, delivery])),
  ) as [Map<string, string>, Map<string, string>];
  for (const [key, is] of after.sessions) {
    const was = before.sessions.get(key);
    if (was === undefined || isShared(before, was, after, is)) continue;
    const [old, young] = [manifestsOf(before, was), manifestsOf(after, is)];
    const isMadeAnew = was.namespace !== is.namespace || deliveries.get(was.cohort) !== newDeliveries.get(is.cohort);
    const isRelabelled = was.lab !== is.lab || was.secret.provider !== is.secret.provider;
    if (old === young && !isMadeAnew && !isRelabelled) continue;
    const changes = [
      ...(was.namespace === is.namespace ? [] : [{ path: 'namespace', before: was.namespace, after: is.namespace }]),
      ...valueChanges(was, is),
    ];
    const like = `${String(isMadeAnew)} ${likenessOfChange(old, young, is)}`;
    const effect = effects.of(like, () => podEffect(old, young, isMadeAnew));
    const group = JSON.stringify([changes, effect]);
    const known = groups.get(group);
    if (known === undefined) groups.set(group, { sessions: [nameOf(is)], changes, effect });
    else known.sessions.push(nameOf(is));
  }
  return Array.from(groups.values());
}
