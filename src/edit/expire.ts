import { milliseconds, timeText } from '../api/duration';
import type { ExpirySettings } from '../api/project';
import { plural } from '../core/text';
import type { Documents } from '../source/document';
import type { EditPlan } from './edit-plan';
import { allSessionFiles, endedSessions, type SessionFile } from './session-file';
import { sessionSummary } from './session-summary';

export interface Expiry {
  /** Past the grace period. */
  readonly ended: readonly SessionFile[];
  readonly warned: readonly SessionFile[];
  /** Malformed end. */
  readonly unread: readonly SessionFile[];
}

export function expiryAt(loaded: Documents, { grace, warning }: ExpirySettings, now: Date): Expiry {
  const time = now.getTime();
  const files = allSessionFiles(loaded);
  const ends = files.flatMap((file) => {
    const expiresAt = file.session.value?.spec.expiresAt;
    return expiresAt === undefined ? [] : [{ file, end: Date.parse(expiresAt) }];
  });
  const isOver = ({ end }: { end: number }): boolean => end + milliseconds(grace) <= time;
  return {
    ended: ends.filter(isOver).map(({ file }) => file),
    warned: ends.filter((each) => !isOver(each) && each.end - milliseconds(warning) <= time).map(({ file }) => file),
    unread: files.filter(
      ({ session }) =>
        session.value === undefined || (session.isFlawed === true && session.value.spec.expiresAt === undefined),
    ),
  };
}

export interface ExpiringSession {
  readonly cohort: string;
  readonly id: string;
  readonly user: string | undefined;
  readonly expiresAt: string;
  readonly removedAt: string;
}

export interface ExpiryPlan extends EditPlan {
  readonly ended: readonly ExpiringSession[];
  readonly warned: readonly ExpiringSession[];
  /** Malformed end. */
  readonly unread: readonly string[];
}

export function expireSessions(loaded: Documents, settings: ExpirySettings, now: Date): ExpiryPlan {
  const found = expiryAt(loaded, settings, now);
  const expiring = (files: readonly SessionFile[]): ExpiringSession[] =>
    files.map((file) => {
      const { cohort, id, user, expiresAt = '' } = sessionSummary(file, now);
      const removedAt = timeText(new Date(Date.parse(expiresAt) + milliseconds(settings.grace)));
      return { cohort, id, user, expiresAt, removedAt };
    });
  const [ended, warned] = [expiring(found.ended), expiring(found.warned)];
  const unread = found.unread.map(({ session }) => session.path);
  return {
    summary: `${plural(ended.length, 'session')} past ${ended.length === 1 ? 'its' : 'their'} end, ${String(warned.length)} warned`,
    files: endedSessions(loaded, found.ended),
    facts: { now: timeText(now), ended, warned, unread },
    notes: [],
    ended,
    warned,
    unread,
  };
}
