import { grouped } from '../../core/group-by';
import { reachOf, type Reach } from '../changes/reach';
import type { SecretChange } from '../changes/session-changes';
import type { Snapshot } from '../changes/snapshot';

export interface LoginRisk {
  /** Who or what opens a session that stays: completes "gets …". */
  readonly change: 'another user' | SecretChange['change'];
  readonly reach: Reach;
}

/** Somebody else gets into a session with its data, or its user no longer does. */
export function loginRisks(before: Snapshot, after: Snapshot, secrets: readonly SecretChange[]): LoginRisk[] {
  const users = Array.from(after.sessions).flatMap(([key, session]) => {
    const was = before.sessions.get(key);
    const isOther = was !== undefined && was.values.session.userId !== session.values.session.userId;
    return isOther ? [{ cohort: session.cohort, id: session.id, change: 'another user' as const }] : [];
  });
  const passwords = secrets.filter(({ change }) => change !== 'new' && change !== 'no longer used');
  return Array.from(
    grouped([...users, ...passwords], ({ change }) => change),
    ([change, sessions]) => ({ change: change as LoginRisk['change'], reach: reachOf(sessions) }),
  );
}
