import { loadProject } from '../../../source/load-project';
import { extendCohort } from '../../../edit/change-cohort';
import { applyChange } from '../../apply-change';
import {
  changeOptions,
  endOptions,
  givenNow,
  nowOption,
  requiredEnd,
  type ChangeOptions,
  type TimeOptions,
} from '../../change-options';
import type { Action } from '../../command';
import { firstLines } from '../../format';

interface ExtendOptions extends ChangeOptions, TimeOptions {
  readonly name: string;
}

export const cohortExtend: Action<ExtendOptions> = {
  command: 'extend <name>',
  describe: 'Move the end of all sessions; their pods do not restart',
  builder: (options) =>
    options.positional('name', { type: 'string', demandOption: true, describe: 'Name of the cohort' }).options({
      ...endOptions,
      ttl: { ...endOptions.ttl, describe: 'Duration from now, or from the end if that is later' },
      until: { ...endOptions.until, describe: 'New end; sessions that end later do not change' },
      ...nowOption,
      ...changeOptions,
    }),
  run(options) {
    const end = requiredEnd(options);
    const now = givenNow(options);
    const plan = extendCohort(loadProject(options.project), options.name, end, now);
    return applyChange(plan, options, firstLines(plan.files.map(({ path }) => `changed  ${path}`)));
  },
};
