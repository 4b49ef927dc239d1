import { spanText } from '../../api/duration';
import { loadProject } from '../../source/load-project';
import { isError } from '../../core/diagnostics';
import { expireSessions, type ExpiringSession, type ExpiryPlan } from '../../edit/expire';
import { applyChange } from '../apply-change';
import { changeOptions, givenNow, nowOption, type ChangeOptions, type TimeOptions } from '../change-options';
import type { Command } from '../command';
import { table } from '../format';
import { printNote, printProblems } from '../output';

type ExpireOptions = ChangeOptions & Pick<TimeOptions, 'now'>;

export const expire: Command<ExpireOptions> = {
  builder: { ...nowOption, ...changeOptions },
  run(options) {
    const now = givenNow(options);
    const loaded = loadProject(options.project);
    const { value, path, isFlawed } = loaded.project;
    if (value === undefined || isFlawed === true) {
      const wrong = loaded.problems.filter((problem) => problem.file === path && isError(problem));
      printProblems(wrong);
      printNote(`${path} is not valid; nothing was done`);
      return 1;
    }
    const plan = expireSessions(loaded, value.spec.expiry, now);
    for (const file of plan.unread) printNote(`${file} is not valid, so its end is unknown. Fix: see dozlab validate`);
    return applyChange(plan, options, expiryLines(plan, now));
  },
};

function expiryLines({ ended, warned }: ExpiryPlan, now: Date): string[] {
  const rows = (state: string, sessions: readonly ExpiringSession[]): string[][] =>
    sessions.map(({ cohort, id, user = '', expiresAt, removedAt }) => {
      const end = new Date(removedAt);
      return [state, `${cohort}/${id}`, user, expiresAt, end > now ? `removed in ${spanText(now, end)}` : ''];
    });
  const all = [...rows('ended', ended), ...rows('warned', warned)];
  return all.length === 0 ? [] : table(['STATE', 'SESSION', 'USER', 'EXPIRES', ''], all);
}
