import type { Session } from '../../model/session';
import type { Snapshot } from './snapshot';

/** What happens to the Secret of a session, which is told by its name alone. */
export interface SecretChange {
  readonly cohort: string;
  readonly id: string;
  /** Name of the Secret. */
  readonly secret: string;
  readonly provider: string;
  readonly change: 'new' | 'another Secret' | 'another password' | 'another provider' | 'no longer used';
}

/** What a change does to the Secrets of sessions. */
export function secretChanges(before: Snapshot, after: Snapshot): SecretChange[] {
  const changes = Array.from(after.sessions, ([key, session]) => {
    const change = changeOf(before.sessions.get(key), session);
    return change === undefined ? [] : [told(session, change)];
  });
  const gone = Array.from(before.sessions.values())
    .filter(({ cohort, id }) => !after.sessions.has(`${cohort}/${id}`))
    .map((session) => told(session, 'no longer used'));
  return [...changes.flat(), ...gone];
}

const told = ({ cohort, id, secret }: Session, change: SecretChange['change']): SecretChange => ({
  cohort,
  id,
  secret: secret.place.name,
  provider: secret.provider,
  change,
});

function changeOf(was: Session | undefined, { secret }: Session): SecretChange['change'] | undefined {
  if (was === undefined) return 'new';
  const old = was.secret;
  if (old.provider !== secret.provider) return 'another provider';
  if (old.place.name !== secret.place.name || old.place.key !== secret.place.key) return 'another Secret';
  return old.text === secret.text ? undefined : 'another password';
}
