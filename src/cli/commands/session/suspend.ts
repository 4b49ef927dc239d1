import { loadProject } from '../../../source/load-project';
import { suspendSession, type SessionRef } from '../../../edit/change-session';
import { applyChange } from '../../apply-change';
import { changeOptions, cohortOption, type ChangeOptions } from '../../change-options';
import type { Action } from '../../command';

const command = (
  name: 'suspend' | 'resume',
  suspended: boolean,
  describe: string,
): Action<ChangeOptions & SessionRef> => ({
  command: `${name} <id>`,
  describe,
  builder: (options) =>
    options
      .positional('id', { type: 'string', demandOption: true, describe: 'Id of the session, or cohort/id' })
      .options({ ...cohortOption, ...changeOptions }),
  run: (options) => applyChange(suspendSession(loadProject(options.project), options, suspended), options),
});

export const sessionSuspend = command('suspend', true, 'Stop a session until it is resumed');
export const sessionResume = command('resume', false, 'Start a suspended session');
