import { findSessionFile } from '../../../edit/select';
import { loadProject } from '../../../source/load-project';
import { sessionSummary, shownValues } from '../../../edit/session-summary';
import { spanText } from '../../../api/duration';
import { withoutControls } from '../../../core/text';
import { cohortOption, givenNow, nowOption, type TimeOptions } from '../../change-options';
import { outputOption, projectOption, type Action, type ProjectOptions } from '../../command';
import { print, printProblems } from '../../output';

interface ShowOptions extends ProjectOptions, TimeOptions {
  readonly id: string;
  readonly cohort?: string;
  readonly output: 'text' | 'json';
}

export const sessionShow: Action<ShowOptions> = {
  command: 'show <id>',
  describe: 'Show the file of a session',
  builder: (options) =>
    options
      .positional('id', { type: 'string', demandOption: true, describe: 'Id of the session, or cohort/id' })
      .options({ ...cohortOption, ...nowOption, ...outputOption, ...projectOption }),
  run(options) {
    const now = givenNow(options);
    const loaded = loadProject(options.project);
    const file = findSessionFile(loaded, options.id, options.cohort);
    const wrong = loaded.problems.filter((problem) => problem.file === file.session.path);
    printProblems(wrong);
    const summary = sessionSummary(file, now);
    const values = shownValues(file.session.value?.spec.values);
    if (options.output === 'json') {
      print(JSON.stringify({ ...summary, values }, undefined, 2));
      return wrong.length > 0 ? 1 : 0;
    }
    const { expiresAt } = summary;
    const end = expiresAt === undefined ? '' : `${expiresAt} (${distance(now, new Date(expiresAt))})`;
    for (const [name, value] of Object.entries({ ...summary, ...(expiresAt === undefined ? {} : { expiresAt: end }) }))
      print(`${`${name}:`.padEnd(11)} ${withoutControls(String(value))}`);
    if (Object.keys(values).length > 0) print('values:');
    for (const [path, value] of Object.entries(values)) print(`  ${path}: ${JSON.stringify(value)}`);
    return wrong.length > 0 ? 1 : 0;
  },
};

const distance = (now: Date, end: Date): string =>
  end > now ? `in ${spanText(now, end)}` : `${spanText(end, now)} ago`;
