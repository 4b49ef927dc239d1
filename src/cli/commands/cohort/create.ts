import { planCohort, type CohortPlan, type Planned } from '../../../edit/apply-roster';
import { loadKnown } from '../../../cache/known-project';
import { inOrder } from '../../../core/diagnostics';
import { parseAssignment } from '../../../edit/set-value';
import { endAt } from '../../../api/duration';
import { carryOut } from '../../apply-change';
import {
  changeOptions,
  endOptions,
  givenCohort,
  givenEnd,
  givenLab,
  givenNow,
  nowOption,
  setOption,
  type ChangeOptions,
  type TimeOptions,
} from '../../change-options';
import type { Action } from '../../command';
import { LISTED } from '../../listed';
import { lacksPassword } from '../../password-hint';
import { count, note, problemLines, summary } from '../../output';
import { readRosterFile } from '../../read-roster';
import { table } from '../../format';
import { tellWork } from '../../working';

interface CreateOptions extends ChangeOptions, TimeOptions {
  readonly name: string;
  readonly from?: string;
  readonly lab?: string;
  readonly set?: readonly string[];
  readonly prune?: boolean;
}

export const create: Action<CreateOptions> = {
  command: 'create <name>',
  describe: 'Make a cohort what a roster says: new sessions, changed ones, and those that are as they should be',
  builder: (options) =>
    options
      .positional('name', {
        type: 'string',
        demandOption: true,
        describe: 'Its name; a cohort that is there is changed',
      })
      .options({
        from: {
          type: 'string',
          requiresArg: true,
          describe:
            'Roster in CSV or JSON, - for standard input: columns user and, if wanted, id, lab and paths of values; an empty cell sets nothing',
        },
        lab: { type: 'string', requiresArg: true, describe: 'Lab of all whose row names none' },
        ttl: { ...endOptions.ttl, describe: 'How long new sessions last; those that are there keep their end' },
        until: { ...endOptions.until, describe: 'When new sessions end; those that are there keep their end' },
        set: { ...setOption.set, describe: 'path=value: a value of the cohort; may be given several times' },
        prune: { type: 'boolean', describe: 'End the sessions that are not in the roster' },
        ...nowOption,
        ...changeOptions,
      }),
  run(options) {
    const name = givenCohort(options.name);
    const lab = givenLab(options.lab);
    const expiresAt = endAt(givenEnd(options), givenNow(options));
    const assignments = (options.set ?? []).map(parseAssignment);
    const roster = options.from === undefined ? undefined : readRosterFile(options.from);
    const loaded = loadKnown(options.project);
    const cohort = loaded.cohorts.find((each) => each.name === name);
    const prune = options.prune === true;
    const plan = planCohort(loaded, cohort, roster, { name, lab, expiresAt, assignments, prune });
    if (plan.problems.length > 0) {
      for (const line of problemLines(inOrder(plan.problems), process.stderr)) note(line);
      note(`${summary(plan.problems)}: nothing was written`);
      return 1;
    }
    const { added, changed, unchanged, leaving } = plan;
    const left = leaving.length === 0 ? '' : `, ${String(leaving.length)} ${prune ? 'ended' : 'leaving'}`;
    tellWork(plan.files);
    const hint = lacksPassword(loaded, cohort ?? { name, path: '', size: 0, sessions: [] });
    return carryOut(
      {
        summary: `cohort ${name}: ${String(added.length)} new, ${String(changed.length)} changed, ${String(unchanged.length)} unchanged${left}`,
        files: plan.files,
        lines: lines(plan, prune),
        facts: { cohort: name, new: added, changed, unchanged: unchanged.length, leaving, prune },
        place: plan.place,
        notes: [
          ...(changed.length > 0
            ? ['dozlab report tells which of the changed sessions restart, and what is lost']
            : []),
          ...(leaving.length > 0 && !prune
            ? [
                `${count(leaving.length, 'session')} not in the roster ${leaving.length === 1 ? 'stays' : 'stay'}: --prune ends them`,
              ]
            : []),
          ...(added.length > 0 ? hint : []),
        ],
      },
      options,
    );
  },
};

function lines({ added, changed, unchanged, leaving }: CohortPlan, prune: boolean): string[] {
  const rows = (state: string, planned: readonly Planned[], what = ''): string[][] => [
    ...planned
      .slice(0, LISTED)
      .map(({ id, user, fields = [] }) => [state, id, JSON.stringify(user).slice(1, -1), fields.join(', ') || what]),
    ...(planned.length > LISTED ? [[state, `and ${String(planned.length - LISTED)} more`, '', '']] : []),
  ];
  const all = [
    ...rows('new', added),
    ...rows('changed', changed),
    ...rows('leaving', leaving, prune ? 'ends' : 'stays'),
    ...(unchanged.length > 0 ? [['unchanged', count(unchanged.length, 'session'), '', '']] : []),
  ];
  return all.length === 0 ? [] : table(['', 'SESSION', 'USER', ''], all);
}
