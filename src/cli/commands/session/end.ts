import { findSessionFile } from '../../../edit/select';
import { loadKnown } from '../../../cache/known-project';
import { endedSessions, fullName } from '../../../edit/session-file';
import { carryOut } from '../../apply-change';
import { changeOptions, cohortOption, type ChangeOptions } from '../../change-options';
import type { Action } from '../../command';

interface EndSessionOptions extends ChangeOptions {
  readonly id: string;
  readonly cohort?: string;
}

export const end: Action<EndSessionOptions> = {
  command: 'end <id>',
  describe: 'Remove the files of a session',
  builder: (options) =>
    options
      .positional('id', { type: 'string', demandOption: true, describe: 'Its id, or cohort/id' })
      .options({ ...cohortOption, ...changeOptions }),
  run(options) {
    const loaded = loadKnown(options.project);
    const found = findSessionFile(loaded, options.id, options.cohort);
    return carryOut(
      {
        summary: `session ${fullName(found)} ended`,
        files: endedSessions(loaded, [found]),
        facts: { cohort: found.cohort.name, id: found.session.name },
        notes: ['its objects go, with all their data, once Flux or you have applied that'],
      },
      options,
    );
  },
};
