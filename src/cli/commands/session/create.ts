import { endAt } from '../../../api/duration';
import { loadProject } from '../../../source/load-project';
import { createSession } from '../../../edit/change-session';
import { parseAssignment, valuesOf } from '../../../edit/set-value';
import { applyChange } from '../../apply-change';
import {
  changeOptions,
  cohortOption,
  endOptions,
  givenEnd,
  givenId,
  givenLab,
  givenNow,
  givenUser,
  labOption,
  nowOption,
  setOption,
  userOption,
  type ChangeOptions,
  type TimeOptions,
} from '../../change-options';
import type { Action } from '../../command';

interface CreateOptions extends ChangeOptions, TimeOptions {
  readonly id?: string;
  readonly user: string;
  readonly lab: string;
  readonly cohort?: string;
  readonly set?: readonly string[];
}

export const sessionCreate: Action<CreateOptions> = {
  command: 'create [id]',
  describe: 'Write the file of a new session',
  builder: (options) =>
    options.positional('id', { type: 'string', describe: 'Id of the session; by default made from the time' }).options({
      user: { ...userOption.user, demandOption: true },
      lab: { ...labOption.lab, demandOption: true },
      cohort: { ...cohortOption.cohort, describe: 'Cohort of the session; optional if there is only one' },
      ...endOptions,
      ...setOption,
      ...nowOption,
      ...changeOptions,
    }),
  run(options) {
    const id = options.id === undefined ? undefined : givenId(options.id);
    const userId = givenUser(options.user) ?? '';
    const lab = givenLab(options.lab) ?? '';
    const now = givenNow(options);
    const expiresAt = endAt(givenEnd(options), now);
    const values = valuesOf((options.set ?? []).map(parseAssignment));
    const request = { id, cohort: options.cohort, userId, lab, expiresAt, values };
    return applyChange(createSession(loadProject(options.project), request, now), options);
  },
};
