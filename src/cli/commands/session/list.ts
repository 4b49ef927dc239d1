import { findCohort } from '../../../edit/select';
import { loadProject } from '../../../source/load-project';
import { sessionSummaries, type SessionSummary } from '../../../edit/session-summary';
import { givenNow, nowOption, type TimeOptions } from '../../change-options';
import { outputOption, projectOption, type Action, type ProjectOptions } from '../../command';
import { plural } from '../../../core/text';
import { print, printNote } from '../../output';
import { table } from '../../format';

interface ListOptions extends ProjectOptions, TimeOptions {
  readonly cohort?: string;
  readonly user?: string;
  readonly lab?: string;
  readonly output: 'text' | 'json';
}

export const sessionList: Action<ListOptions> = {
  command: 'list',
  describe: 'List sessions',
  builder: {
    ...projectOption,
    cohort: { type: 'string', requiresArg: true, describe: 'Only sessions of this cohort' },
    user: { type: 'string', requiresArg: true, describe: 'Only sessions of this user' },
    lab: { type: 'string', requiresArg: true, describe: 'Only sessions of this lab' },
    ...nowOption,
    ...outputOption,
  },
  run(options) {
    const loaded = loadProject(options.project);
    const cohort = options.cohort === undefined ? undefined : findCohort(loaded, options.cohort).name;
    const found = sessionSummaries(loaded, givenNow(options), cohort).filter(
      ({ user, lab }) =>
        (options.user === undefined || user === options.user) && (options.lab === undefined || lab === options.lab),
    );
    printSessions(found, options.output);
    return 0;
  },
};

export function printSessions(found: readonly SessionSummary[], output: 'text' | 'json'): void {
  if (output === 'json') {
    print(JSON.stringify(found, undefined, 2));
    return;
  }
  const rows = found.map(({ cohort, id, user = '', lab = '', expiresAt = '', state }) => [
    cohort,
    id,
    user,
    lab,
    expiresAt,
    state,
  ]);
  for (const line of table(['COHORT', 'SESSION', 'USER', 'LAB', 'EXPIRES', 'STATE'], rows)) print(line);
  printNote(plural(found.length, 'session'));
}
