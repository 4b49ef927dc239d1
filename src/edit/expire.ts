import type { ExpirySettings } from '../api/settings/expiry';
import { sessionFiles, type SessionFile } from './session-file';
import type { LoadedProject } from '../source/load-project';
import { milliseconds } from '../api/duration';

/** What time has brought for a project's sessions. */
export interface Expiry {
  /** Past their end and the time that they stay after it. */
  readonly ended: readonly SessionFile[];
  /** Near their end, or past it but still within the time that they stay. */
  readonly warned: readonly SessionFile[];
  /** Sessions whose end cannot be read. */
  readonly unread: readonly SessionFile[];
}

/** Which sessions have ended, and who is to be told. */
export function expiryAt(loaded: LoadedProject, { grace, warning }: ExpirySettings, now: Date): Expiry {
  const time = now.getTime();
  const files = sessionFiles(loaded);
  const ends = files.flatMap((file) => {
    const expiresAt = file.session.document?.spec.expiresAt;
    return expiresAt === undefined ? [] : [{ file, end: Date.parse(expiresAt) }];
  });
  const isOver = ({ end }: { end: number }): boolean => end + milliseconds(grace) <= time;
  return {
    ended: ends.filter(isOver).map(({ file }) => file),
    warned: ends.filter((each) => !isOver(each) && each.end - milliseconds(warning) <= time).map(({ file }) => file),
    unread: files.filter(
      ({ session }) =>
        session.document === undefined || (session.isFlawed === true && session.document.spec.expiresAt === undefined),
    ),
  };
}
