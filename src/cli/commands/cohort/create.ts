import { endAt } from '../../../api/duration';
import { projectState } from '../../../capacity/project-state';
import { DozlabError } from '../../../core/errors';
import { editEffect } from '../../../report/edit-effect';
import { changesOf } from '../../../source/changes';
import { inOrder } from '../../../core/diagnostics';
import type { PlannedSession, RosterPlan } from '../../../edit/apply-roster';
import { createCohort } from '../../../edit/change-cohort';
import { readRoster } from '../../../edit/roster';
import { parseAssignment } from '../../../edit/set-value';
import { applyChange } from '../../apply-change';
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
import { MOST_LISTED, table } from '../../format';
import { plural } from '../../../core/text';
import { printNote, printProblems, problemCounts } from '../../output';
import { readBytes } from '../../read-file';

interface CreateOptions extends ChangeOptions, TimeOptions {
  readonly name: string;
  readonly from?: string;
  readonly lab?: string;
  readonly set?: readonly string[];
  readonly prune?: boolean;
}

const MOST_MEBIBYTES = 16;

export const cohortCreate: Action<CreateOptions> = {
  command: 'create <name>',
  describe: 'Create or update a cohort from a roster',
  builder: (options) =>
    options
      .positional('name', {
        type: 'string',
        demandOption: true,
        describe: 'Name of the cohort',
      })
      .options({
        from: {
          type: 'string',
          requiresArg: true,
          describe: 'Roster in CSV or JSON, - for standard input',
        },
        lab: { type: 'string', requiresArg: true, describe: 'Lab of users whose row has no lab' },
        ttl: { ...endOptions.ttl, describe: 'Duration of new sessions only, such as 14d' },
        until: { ...endOptions.until, describe: 'End of new sessions only, such as 2027-01-31T18:00:00Z' },
        set: { ...setOption.set, describe: 'Set a value of the cohort, as path=value; repeatable' },
        prune: { type: 'boolean', describe: 'End sessions that are not in the roster' },
        ...nowOption,
        ...changeOptions,
      })
      .epilogue('Columns of a roster: user, and optionally id, lab and paths of values. An empty cell sets nothing.'),
  run(options) {
    refuseWithoutRoster(options);
    const name = givenCohort(options.name);
    const lab = givenLab(options.lab);
    const expiresAt = endAt(givenEnd(options), givenNow(options));
    const assignments = (options.set ?? []).map(parseAssignment);
    const roster =
      options.from === undefined ? undefined : readRoster(options.from, readBytes(options.from, MOST_MEBIBYTES));
    const prune = options.prune === true;
    const before = projectState(options.project);
    const request = { name, lab, expiresAt, assignments, prune };
    const plan = createCohort(
      before.loaded,
      roster,
      request,
      (files) => editEffect(before, projectState(options.project, changesOf(files))).changed,
    );
    if (!('files' in plan)) {
      printProblems(inOrder(plan));
      printNote(`${problemCounts(plan)}: nothing was written`);
      return 1;
    }
    const isUnused = expiresAt !== undefined && plan.roster.added.length === 0;
    const notes = isUnused
      ? [`no session is new, so ${options.ttl === undefined ? '--until' : '--ttl'} has no effect`]
      : [];
    return applyChange({ ...plan, notes: [...plan.notes, ...notes] }, options, rosterLines(plan.roster, prune));
  },
};

/** These are about the sessions of a roster. */
function refuseWithoutRoster({ from, ...options }: CreateOptions): void {
  const given = (['lab', 'ttl', 'until', 'prune'] as const).find((name) => (options[name] ?? false) !== false);
  if (from === undefined && given !== undefined)
    throw new DozlabError(
      'invalid-usage',
      `--${given} works only with --from. Fix: add --from, or leave --${given} out`,
    );
}

function rosterLines({ added, changed, unchanged, leaving }: RosterPlan, prune: boolean): string[] {
  const rows = (state: string, planned: readonly PlannedSession[], what = ''): string[][] => [
    ...planned
      .slice(0, MOST_LISTED)
      .map(({ id, user, fields = [] }) => [state, id, JSON.stringify(user).slice(1, -1), fields.join(', ') || what]),
    ...(planned.length > MOST_LISTED ? [[state, `and ${String(planned.length - MOST_LISTED)} more`, '', '']] : []),
  ];
  const all = [
    ...rows('new', added),
    ...rows('changed', changed),
    ...rows('leaving', leaving, prune ? 'ends' : 'stays'),
    ...(unchanged.length > 0 ? [['unchanged', plural(unchanged.length, 'session'), '', '']] : []),
  ];
  return all.length === 0 ? [] : table(['', 'SESSION', 'USER', ''], all);
}
