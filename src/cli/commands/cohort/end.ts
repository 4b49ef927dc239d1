import { loadProject } from '../../../source/load-project';
import { endCohort } from '../../../edit/change-cohort';
import { applyChange } from '../../apply-change';
import { changeOptions, type ChangeOptions } from '../../change-options';
import type { Action } from '../../command';
import { firstLines } from '../../format';

interface EndOptions extends ChangeOptions {
  readonly name: string;
}

export const cohortEnd: Action<EndOptions> = {
  command: 'end <name>',
  describe: 'Remove a cohort and the files of its sessions',
  builder: (options) =>
    options
      .positional('name', { type: 'string', demandOption: true, describe: 'Name of the cohort' })
      .options(changeOptions),
  run(options) {
    const plan = endCohort(loadProject(options.project), options.name);
    return applyChange(plan, options, firstLines(plan.files.map(({ path }) => `removed  ${path}`)));
  },
};
