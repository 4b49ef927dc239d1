import { expiryAt } from '../../edit/expire';
import { loadKnown } from '../../cache/known-project';
import { isError } from '../../core/diagnostics';
import { endedSessions, type SessionFile } from '../../edit/session-file';
import { sessionSummary } from '../../edit/session-summary';
import { milliseconds, spanText, timeText } from '../../api/duration';
import { carryOut } from '../apply-change';
import { changeOptions, givenNow, nowOption, type ChangeOptions, type TimeOptions } from '../change-options';
import type { Command } from '../command';
import { count, note, problemLines } from '../output';
import { table } from '../format';

type ExpireOptions = ChangeOptions & Pick<TimeOptions, 'now'>;

export const expire: Command<ExpireOptions> = {
  builder: { ...nowOption, ...changeOptions },
  run(options) {
    const now = givenNow(options);
    const loaded = loadKnown(options.project);
    const { document, path, isFlawed } = loaded.project;
    if (document === undefined || isFlawed === true) {
      const wrong = loaded.problems.filter((problem) => problem.file === path && isError(problem));
      for (const line of problemLines(wrong, process.stderr)) note(line);
      note(`${path} says when sessions end: nothing was done`);
      return 1;
    }
    const settings = document.spec.expiry;
    const { ended, warned, unread } = expiryAt(loaded, settings, now);
    for (const { session } of unread) note(`${session.path} cannot be judged: dozlab validate tells why`);
    const told = (files: readonly SessionFile[]) =>
      files.map((file) => {
        const { cohort, id, user, expiresAt = '' } = sessionSummary(file, now);
        const removedAt = timeText(new Date(Date.parse(expiresAt) + milliseconds(settings.grace)));
        return { cohort, id, user, expiresAt, removedAt };
      });
    const rows = (state: string, files: readonly SessionFile[]): string[][] =>
      told(files).map(({ cohort, id, user = '', expiresAt, removedAt }) => {
        const goes = new Date(removedAt);
        return [state, `${cohort}/${id}`, user, expiresAt, goes > now ? `goes in ${spanText(now, goes)}` : ''];
      });
    const all = [...rows('ended', ended), ...rows('warned', warned)];
    return carryOut(
      {
        summary: `${count(ended.length, 'session')} past ${ended.length === 1 ? 'its' : 'their'} end, ${String(warned.length)} warned`,
        files: endedSessions(loaded, ended),
        lines: all.length === 0 ? [] : table(['STATE', 'SESSION', 'USER', 'EXPIRES', ''], all),
        facts: {
          now: timeText(now),
          ended: told(ended),
          warned: told(warned),
          unread: unread.map(({ session }) => session.path),
        },
      },
      options,
    );
  },
};
