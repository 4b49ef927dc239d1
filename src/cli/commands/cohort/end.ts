import { findCohort } from '../../../edit/select';
import { loadKnown } from '../../../cache/known-project';
import { endedSessions, removedFile } from '../../../edit/session-file';
import { carryOut } from '../../apply-change';
import { changeOptions, type ChangeOptions } from '../../change-options';
import type { Action } from '../../command';
import { count } from '../../output';
import { listed } from '../../listed';
import { tellWork } from '../../working';

interface EndCohortOptions extends ChangeOptions {
  readonly name: string;
}

export const end: Action<EndCohortOptions> = {
  command: 'end <name>',
  describe: 'Remove a cohort with the files of all its sessions',
  builder: (options) =>
    options.positional('name', { type: 'string', demandOption: true, describe: 'Its name' }).options(changeOptions),
  run(options) {
    const loaded = loadKnown(options.project);
    const cohort = findCohort(loaded, options.name);
    const files = endedSessions(
      loaded,
      cohort.sessions.map((session) => ({ cohort, session })),
    );
    tellWork(files);
    const isDeclared = cohort.file !== undefined || loaded.problems.some(({ file }) => file === cohort.path);
    const all = [...files, ...(isDeclared ? [removedFile(cohort)] : [])];
    return carryOut(
      {
        summary: `cohort ${cohort.name} ended, with ${count(cohort.sessions.length, 'session')}`,
        files: all,
        lines: listed(all.map(({ path }) => `removed  ${path}`)),
        facts: { cohort: cohort.name, sessions: cohort.sessions.length },
        notes: ['all of its objects go, with all their data, once Flux or you have applied that'],
      },
      options,
    );
  },
};
