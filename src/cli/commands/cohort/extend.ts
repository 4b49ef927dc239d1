import { loadKnown } from '../../../cache/known-project';
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
  describe: 'Let all sessions of a cohort end later; their pods stay as they are',
  builder: (options) =>
    options.positional('name', { type: 'string', demandOption: true, describe: 'Its name' }).options({
      ...endOptions,
      ttl: { ...endOptions.ttl, describe: 'How much longer, from now or from the end of each if that is later' },
      until: { ...endOptions.until, describe: 'When they end; those that end later stay as they are' },
      ...nowOption,
      ...changeOptions,
    }),
  run(options) {
    const end = requiredEnd(options);
    const now = givenNow(options);
    const plan = extendCohort(loadKnown(options.project), options.name, end, now);
    return applyChange(plan, options, firstLines(plan.files.map(({ path }) => `changed  ${path}`)));
  },
};
