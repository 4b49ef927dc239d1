import { DozlabError } from '../../../core/errors';
import { findCohort } from '../../../edit/select';
import { loadKnown } from '../../../cache/known-project';
import { editedFile, presentEnd } from '../../../edit/session-file';
import { endAt } from '../../../api/duration';
import { carryOut } from '../../apply-change';
import {
  changeOptions,
  endOptions,
  givenEnd,
  givenNow,
  nowOption,
  type ChangeOptions,
  type TimeOptions,
} from '../../change-options';
import type { Action } from '../../command';
import { count } from '../../output';
import { listed } from '../../listed';
import { tellWork } from '../../working';

interface ExtendOptions extends ChangeOptions, TimeOptions {
  readonly name: string;
}

export const extend: Action<ExtendOptions> = {
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
    const given = givenEnd(options);
    if (given.ttl === undefined && given.until === undefined)
      throw new DozlabError('invalid-usage', 'extend takes --ttl or --until');
    const now = givenNow(options);
    const cohort = findCohort(loadKnown(options.project), options.name);
    const files = cohort.sessions.flatMap((session) => {
      const present = given.ttl === undefined ? session.document?.spec.expiresAt : presentEnd(session);
      const expiresAt = endAt(given, now, present) ?? '';
      if (present !== undefined && Date.parse(present) >= Date.parse(expiresAt)) return [];
      return editedFile(session, [{ path: ['expiresAt'], value: expiresAt }]) ?? [];
    });
    tellWork(files);
    const rest = cohort.sessions.length - files.length;
    const endless = cohort.sessions.filter(({ document }) => document?.spec.expiresAt === undefined).length;
    return carryOut(
      {
        summary: `cohort ${cohort.name}: ${String(files.length)} extended${given.until === undefined ? '' : ` until ${given.until}`}, ${String(rest)} unchanged`,
        files,
        notes: endless === 0 ? [] : [`${count(endless, 'session')} had no end before`],
        lines: listed(files.map(({ path }) => `changed  ${path}`)),
        facts: { cohort: cohort.name, extended: files.length, unchanged: rest },
      },
      options,
    );
  },
};
