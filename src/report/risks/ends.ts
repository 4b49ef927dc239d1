import { milliseconds, timeText } from '../../api/duration';
import type { Session } from '../../model/session';
import { Reached, type Reach } from '../changes/reach';
import type { Snapshot } from '../changes/snapshot';

/** Sessions that `dozlab expire` deletes sooner. */
export interface EndRisk {
  /** RFC 3339: the first of the new times. */
  readonly first: string;
  readonly reach: Reach;
}

/** `expiresAt` and the grace of the project. */
export function endRisk(before: Snapshot, after: Snapshot): EndRisk | undefined {
  const reached = new Reached();
  let first = Infinity;
  for (const [key, is] of after.sessions) {
    const was = before.sessions.get(key);
    if (was === undefined) continue;
    const [old, young] = [endOf(was, before), endOf(is, after)];
    if (young >= old) continue;
    reached.add(is);
    first = Math.min(first, young);
  }
  return first === Infinity ? undefined : { first: timeText(new Date(first)), reach: reached.reach };
}

function endOf({ values: { session } }: Session, { loaded }: Snapshot): number {
  if (session.expiresAt === undefined) return Infinity;
  const grace = loaded.project.value?.spec.expiry.grace;
  return Date.parse(session.expiresAt) + (grace === undefined ? 0 : milliseconds(grace));
}
