import { milliseconds, timeText } from '../../api/duration';
import type { Session } from '../../model/session';
import { reachOf, type Reach } from '../changes/reach';
import type { Snapshot } from '../changes/snapshot';

/** Sessions that `dozlab expire` deletes sooner. */
export interface EndRisk {
  /** RFC 3339: the first of the new times. */
  readonly first: string;
  readonly reach: Reach;
}

/** Sessions that stay, with an earlier `expiresAt` or a shorter grace of the project. */
export function earlierEnds(before: Snapshot, after: Snapshot): EarlierEnd[] {
  return Array.from(after.sessions).flatMap(([key, session]) => {
    const was = before.sessions.get(key);
    if (was === undefined) return [];
    const [old, end] = [endOf(was, before), endOf(session, after)];
    return end >= old ? [] : [{ session, end, isFirst: old === Infinity }];
  });
}

interface EarlierEnd {
  readonly session: Session;
  /** Milliseconds. */
  readonly end: number;
  /** The session had no end. */
  readonly isFirst: boolean;
}

export function endRisk(before: Snapshot, after: Snapshot): EndRisk | undefined {
  const ends = earlierEnds(before, after);
  if (ends.length === 0) return undefined;
  const first = ends.reduce((least, { end }) => Math.min(least, end), Infinity);
  return { first: timeText(new Date(first)), reach: reachOf(ends.map(({ session }) => session)) };
}

function endOf({ values: { session } }: Session, { loaded }: Snapshot): number {
  if (session.expiresAt === undefined) return Infinity;
  const grace = loaded.project.value?.spec.expiry.grace;
  return Date.parse(session.expiresAt) + (grace === undefined ? 0 : milliseconds(grace));
}
