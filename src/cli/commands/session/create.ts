import { DozlabError } from '../../../core/errors';
import { findCohort } from '../../../edit/select';
import { loadKnown } from '../../../cache/known-project';
import { makeId, newSession, sessionFiles, sessionPath } from '../../../edit/session-file';
import { parseAssignment, valuesOf } from '../../../edit/set-value';
import { endAt } from '../../../api/duration';
import { carryOut } from '../../apply-change';
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
import { lacksPassword } from '../../password-hint';

interface CreateOptions extends ChangeOptions, TimeOptions {
  readonly id?: string;
  readonly user: string;
  readonly lab: string;
  readonly cohort?: string;
  readonly set?: readonly string[];
}

export const create: Action<CreateOptions> = {
  command: 'create [id]',
  describe: 'Write the file of a new session',
  builder: (options) =>
    options
      .positional('id', { type: 'string', describe: 'Its id; one that sorts by time is made when it is not given' })
      .options({
        user: { ...userOption.user, demandOption: true },
        lab: { ...labOption.lab, demandOption: true },
        cohort: { ...cohortOption.cohort, describe: 'Its cohort; may be left out when there is only one' },
        ...endOptions,
        ...setOption,
        ...nowOption,
        ...changeOptions,
      }),
  run(options) {
    const given = options.id === undefined ? undefined : givenId(options.id);
    const userId = givenUser(options.user) ?? '';
    const lab = givenLab(options.lab) ?? '';
    const now = givenNow(options);
    const expiresAt = endAt(givenEnd(options), now);
    const values = valuesOf((options.set ?? []).map(parseAssignment));
    const loaded = loadKnown(options.project);
    const cohort = findCohort(loaded, options.cohort);
    const taken = new Set(sessionFiles(loaded).map(({ session }) => session.name));
    if (given !== undefined && cohort.sessions.some(({ name }) => name === given))
      throw new DozlabError(
        'session-exists',
        `${sessionPath(cohort.name, given)} is there already; dozlab session edit changes it`,
      );
    const id = given ?? makeId(now, (each) => taken.has(each));
    return carryOut(
      {
        summary: `session ${cohort.name}/${id} of ${JSON.stringify(userId)}, lab ${lab}${expiresAt === undefined ? '' : `, until ${expiresAt}`}`,
        files: [newSession(loaded, { id, cohort: cohort.name, userId, lab, expiresAt, values })],
        facts: { cohort: cohort.name, id, ...(expiresAt === undefined ? {} : { expiresAt }) },
        notes: lacksPassword(loaded, cohort, `${cohort.name}/${id}`),
      },
      options,
    );
  },
};
