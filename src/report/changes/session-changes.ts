import type { Session } from '../../model/session';
import { normalize, normalizeChange, MemoByKey } from './normalize';
import { effectOfEnd, podEffect, type DataEffect, type PodEffect } from './pod-effect';
import { partsOf } from './session-parts';
import { haveSameManifests, manifestsOf, type Snapshot } from './snapshot';
import { setValues, valueChanges, type SetValue, type ValueChange } from './value-changes';

export interface SessionName {
  readonly cohort: string;
  readonly id: string;
  readonly user: string;
  readonly lab: string;
}

export interface AddedSession extends SessionName {
  readonly expiresAt?: string;
  readonly isSuspended: boolean;
  /** The file existed before, but was not valid or not synthesized. */
  readonly wasInvalid: boolean;
  readonly values: readonly SetValue[];
}

export interface EndedSession extends SessionName, DataEffect {
  /** The cohort with a new session of the same name. */
  readonly movedTo?: string;
}

export interface ChangedSessions {
  readonly sessions: readonly SessionName[];
  readonly changes: readonly ValueChange[];
  readonly effect: PodEffect;
}

export interface SessionChanges {
  readonly added: readonly AddedSession[];
  readonly changed: readonly ChangedSessions[];
  readonly ended: readonly EndedSession[];
}

export function sessionChanges(before: Snapshot, after: Snapshot): SessionChanges {
  const added = missingIn(before, after).map((session) => addedSession(session, before, after));
  const moved = new Map(added.map(({ id, cohort }) => [id, cohort]).reverse() as [string, string][]);
  const effects = new MemoByKey<DataEffect>();
  const ended = missingIn(after, before)
    .filter((session) => !after.files.has(keyOf(session)))
    .map((session) => endedSession(session, manifestsOf(before, session), moved.get(session.id), effects));
  return { added, ended, changed: changedSessions(before, after) };
}

const keyOf = ({ cohort, id }: Session): string => `${cohort}/${id}`;

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
  effects: MemoByKey<DataEffect>,
): EndedSession {
  return {
    ...nameOf(session),
    ...effects.of(normalize(manifests, session.id), () => effectOfEnd(partsOf(manifests))),
    ...(movedTo === undefined ? {} : { movedTo }),
  };
}

function changedSessions(before: Snapshot, after: Snapshot): ChangedSessions[] {
  const effects = new MemoByKey<PodEffect>();
  const groups = new Map<string, ChangedSessions & { readonly sessions: SessionName[] }>();
  const [deliveries, newDeliveries] = [before, after].map(
    ({ resolved }) => new Map(resolved.cohorts.map(({ name, delivery }) => [name, delivery])),
  ) as [Map<string, string>, Map<string, string>];
  for (const [key, is] of after.sessions) {
    const was = before.sessions.get(key);
    if (was === undefined) continue;
    const isRecreated = was.namespace !== is.namespace || deliveries.get(was.cohort) !== newDeliveries.get(is.cohort);
    const isRelabelled = was.lab !== is.lab || was.secret.provider !== is.secret.provider;
    const isOther = isRecreated || isRelabelled;
    if (!isOther && haveSameManifests(before, after, is)) continue;
    const [old, young] = [manifestsOf(before, was), manifestsOf(after, is)];
    if (old === young && !isOther) continue;
    const changes = [
      ...(was.namespace === is.namespace ? [] : [{ path: 'namespace', before: was.namespace, after: is.namespace }]),
      ...valueChanges(was, is),
    ];
    const effect = effects.of(`${String(isRecreated)} ${normalizeChange(old, young, is)}`, () =>
      podEffect(old, young, isRecreated),
    );
    const groupKey = JSON.stringify([changes, effect]);
    const group = groups.get(groupKey);
    if (group === undefined) groups.set(groupKey, { sessions: [nameOf(is)], changes, effect });
    else group.sessions.push(nameOf(is));
  }
  return Array.from(groups.values());
}

/** Without the content of the Secret. */
export interface SecretChange {
  readonly cohort: string;
  readonly id: string;
  readonly secret: string;
  readonly provider: string;
  readonly change:
    'new' | 'another Secret' | 'another password' | 'another provider' | 'other settings' | 'no longer used';
}

export function secretChanges(before: Snapshot, after: Snapshot): SecretChange[] {
  const changes = Array.from(after.sessions, ([key, session]) => {
    const change = secretChange(before.sessions.get(key), session);
    return change === undefined ? [] : [withSecret(session, change)];
  });
  const ended = missingIn(after, before).map((session) => withSecret(session, 'no longer used'));
  return [...changes.flat(), ...ended];
}

const withSecret = ({ cohort, id, secret }: Session, change: SecretChange['change']): SecretChange => ({
  cohort,
  id,
  secret: secret.place.name,
  provider: secret.provider,
  change,
});

const isSame = (one: unknown, other: unknown): boolean =>
  one === other || JSON.stringify(one) === JSON.stringify(other);

function secretChange(was: Session | undefined, { secret }: Session): SecretChange['change'] | undefined {
  if (was === undefined) return 'new';
  const old = was.secret;
  if (old.provider !== secret.provider) return 'another provider';
  if (old.place.name !== secret.place.name || old.place.key !== secret.place.key) return 'another Secret';
  if (old.text !== secret.text || old.generation !== secret.generation) return 'another password';
  return isSame(old.settings, secret.settings) ? undefined : 'other settings';
}
