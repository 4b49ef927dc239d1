import { findSessionFile } from '../../../edit/select';
import { loadKnown } from '../../../cache/known-project';
import { editedFile, fullName } from '../../../edit/session-file';
import { carryOut } from '../../apply-change';
import { changeOptions, cohortOption, type ChangeOptions } from '../../change-options';
import type { Action } from '../../command';
import { LOST } from '../../lost';

interface SuspendOptions extends ChangeOptions {
  readonly id: string;
  readonly cohort?: string;
}

/** Suspending and resuming differ in what the file says. Resuming leaves the key: without it, a pod that was stopped may stay so. */
const command = (name: 'suspend' | 'resume', suspended: boolean, describe: string): Action<SuspendOptions> => ({
  command: `${name} <id>`,
  describe,
  builder: (options) =>
    options
      .positional('id', { type: 'string', demandOption: true, describe: 'Its id, or cohort/id' })
      .options({ ...cohortOption, ...changeOptions }),
  run(options) {
    const found = findSessionFile(loadKnown(options.project), options.id, options.cohort);
    const change = editedFile(found.session, [{ path: ['suspended'], value: suspended }]);
    return carryOut(
      {
        summary: `session ${fullName(found)} ${suspended ? 'suspended' : 'resumed'}`,
        files: change === undefined ? [] : [change],
        facts: { cohort: found.cohort.name, id: found.session.name, suspended },
        notes: suspended && change !== undefined ? [LOST] : [],
      },
      options,
    );
  },
});

export const suspend = command('suspend', true, 'Stop a session until it is resumed');
export const resume = command('resume', false, 'Start a session that was suspended');
