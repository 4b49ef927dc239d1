import { findCohort } from '../../../edit/select';
import { loadProject } from '../../../source/load-project';
import { cohortSummaries, sessionSummaries } from '../../../edit/session-summary';
import { givenNow, nowOption, type TimeOptions } from '../../change-options';
import { outputOption, projectOption, type Action, type ProjectOptions } from '../../command';
import { plural } from '../../../core/text';
import { print, printNote } from '../../output';
import { table } from '../../format';
import { printSessions } from '../session/list';

interface ListOptions extends ProjectOptions, TimeOptions {
  readonly name?: string;
  readonly output: 'text' | 'json';
}

export const cohortList: Action<ListOptions> = {
  command: 'list [name]',
  describe: 'List cohorts, or the sessions of one',
  builder: (options) =>
    options
      .positional('name', { type: 'string', describe: 'Cohort whose sessions to list' })
      .options({ ...nowOption, ...outputOption, ...projectOption }),
  run(options) {
    const now = givenNow(options);
    const loaded = loadProject(options.project);
    if (options.name !== undefined) {
      printSessions(sessionSummaries(loaded, now, findCohort(loaded, options.name).name), options.output);
      return 0;
    }
    const found = cohortSummaries(loaded, now);
    if (options.output === 'json') {
      print(JSON.stringify(found, undefined, 2));
      return 0;
    }
    const rows = found.map((each) => [
      each.cohort,
      each.namespace,
      each.delivery,
      `${String(each.sessions)}${each.maxSessions === undefined ? '' : ` of ${String(each.maxSessions)}`}`,
      String(each.suspended),
      String(each.expired),
    ]);
    for (const line of table(['COHORT', 'NAMESPACE', 'DELIVERY', 'SESSIONS', 'SUSPENDED', 'EXPIRED'], rows))
      print(line);
    printNote(plural(found.length, 'cohort'));
    return 0;
  },
};
