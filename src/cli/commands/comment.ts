import { DozlabError } from '../../core/errors';
import { changeRequestOf, commentReport } from '../../git/forge/change-request';

import { outputOption, projectOption, type Command, type ExitCode, type ProjectOptions } from '../command';
import { print, printNote } from '../output';
import { readPipedText } from '../read-file';

interface CommentOptions extends ProjectOptions {
  readonly file: string;
  readonly number?: number;
  readonly dryRun?: boolean;
  readonly output: 'text' | 'json';
}

const MOST_MEBIBYTES = 16;

export const comment: Command<CommentOptions> = {
  builder: {
    ...projectOption,
    file: { type: 'string', requiresArg: true, default: '-', describe: 'Report in Markdown, - for standard input' },
    number: {
      type: 'number',
      requiresArg: true,
      describe: 'Number of the request; optional in GitHub and GitLab jobs',
    },
    'dry-run': { type: 'boolean', describe: 'Write nothing; show what would be written' },
    ...outputOption,
  },
  async run({ project, file, number, dryRun = false, output }): Promise<ExitCode> {
    if (number !== undefined && !(Number.isSafeInteger(number) && number > 0))
      throw new DozlabError('invalid-usage', `--number is ${String(number)}; accepted: a whole number such as 12`);
    const report = await readPipedText(file, MOST_MEBIBYTES);
    const request = changeRequestOf(project, process.env, number);
    const { change, url } = await commentReport(request, report, dryRun);
    if (output === 'json') print(JSON.stringify({ number: request.number, change, dryRun, url }, undefined, 2));
    else if (url !== '') print(url);
    const done = change === 'unchanged' ? 'unchanged' : `${dryRun ? 'would be ' : ''}${change}`;
    printNote(`comment on ${request.forge.noun} ${String(request.number)}: ${done}`);
    return 0;
  },
};
