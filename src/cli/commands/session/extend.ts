import { loadProject } from '../../../source/load-project';
import { extendSession, type SessionRef } from '../../../edit/change-session';
import { applyChange } from '../../apply-change';
import {
  changeOptions,
  cohortOption,
  endOptions,
  givenNow,
  nowOption,
  requiredEnd,
  type ChangeOptions,
  type TimeOptions,
} from '../../change-options';
import type { Action } from '../../command';

export const sessionExtend: Action<ChangeOptions & TimeOptions & SessionRef> = {
  command: 'extend <id>',
  describe: 'Move the end of a session; its pod does not restart',
  builder: (options) =>
    options
      .positional('id', { type: 'string', demandOption: true, describe: 'Id of the session, or cohort/id' })
      .options({
        ...endOptions,
        ttl: { ...endOptions.ttl, describe: 'Duration from now, or from the end if that is later' },
        ...cohortOption,
        ...nowOption,
        ...changeOptions,
      }),
  run(options) {
    const end = requiredEnd(options);
    return applyChange(extendSession(loadProject(options.project), options, end, givenNow(options)), options);
  },
};
