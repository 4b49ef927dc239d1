import { loadProject } from '../../../source/load-project';
import { endSession, type SessionRef } from '../../../edit/change-session';
import { applyChange } from '../../apply-change';
import { changeOptions, cohortOption, type ChangeOptions } from '../../change-options';
import type { Action } from '../../command';

export const sessionEnd: Action<ChangeOptions & SessionRef> = {
  command: 'end <id>',
  describe: 'Remove the files of a session',
  builder: (options) =>
    options
      .positional('id', { type: 'string', demandOption: true, describe: 'Id of the session, or cohort/id' })
      .options({ ...cohortOption, ...changeOptions }),
  run: (options) => applyChange(endSession(loadProject(options.project), options), options),
};
