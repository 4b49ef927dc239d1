import { DozlabError } from '../../../core/errors';
import { findSessionFile } from '../../../edit/select';
import { loadKnown } from '../../../cache/known-project';
import { editedFile, fullName, presentEnd } from '../../../edit/session-file';
import { endAt } from '../../../api/duration';
import { carryOut } from '../../apply-change';
import {
  changeOptions,
  cohortOption,
  endOptions,
  givenEnd,
  givenNow,
  nowOption,
  type ChangeOptions,
  type TimeOptions,
} from '../../change-options';
import type { Action } from '../../command';

interface ExtendOptions extends ChangeOptions, TimeOptions {
  readonly id: string;
  readonly cohort?: string;
}

export const extend: Action<ExtendOptions> = {
  command: 'extend <id>',
  describe: 'Let a session end later; its pod stays as it is',
  builder: (options) =>
    options.positional('id', { type: 'string', demandOption: true, describe: 'Its id, or cohort/id' }).options({
      ...endOptions,
      ttl: { ...endOptions.ttl, describe: 'How much longer, from now or from its end if that is later' },
      ...cohortOption,
      ...nowOption,
      ...changeOptions,
    }),
  run(options) {
    const given = givenEnd(options);
    if (given.ttl === undefined && given.until === undefined)
      throw new DozlabError('invalid-usage', 'extend takes --ttl or --until');
    const found = findSessionFile(loadKnown(options.project), options.id, options.cohort);
    const present = given.ttl === undefined ? found.session.document?.spec.expiresAt : presentEnd(found.session);
    const expiresAt = endAt(given, givenNow(options), present) ?? '';
    if (present !== undefined && Date.parse(expiresAt) < Date.parse(present))
      throw new DozlabError(
        'invalid-usage',
        `--until is ${expiresAt}, but ${fullName(found)} ends at ${present}, which is later; dozlab session edit --until lets it end sooner`,
      );
    const change = editedFile(found.session, [{ path: ['expiresAt'], value: expiresAt }]);
    return carryOut(
      {
        summary: `session ${fullName(found)} until ${expiresAt}`,
        files: change === undefined ? [] : [change],
        notes: present === undefined ? ['it had no end before'] : [],
        facts: { cohort: found.cohort.name, id: found.session.name, expiresAt, ...(present && { before: present }) },
      },
      options,
    );
  },
};
