import { markdown } from '../../report/text/markdown';
import { reportJson } from '../../report/changes/report';
import { projectReport } from '../../report/project-report';
import { projectOption, type Command, type ProjectOptions } from '../command';
import { print, printProblems } from '../output';
import { givenNodes, nodeOptions, type NodeOptions } from '../node-options';

interface ReportOptions extends ProjectOptions, NodeOptions {
  readonly base?: string;
  readonly output: 'markdown' | 'json';
}

export const report: Command<ReportOptions> = {
  builder: (options) =>
    options
      .option('project', projectOption.project)
      .option('base', {
        type: 'string',
        requiresArg: true,
        describe: 'Branch or commit to compare with',
      })
      .options(nodeOptions)
      .option('output', {
        alias: 'o',
        choices: ['markdown', 'json'] as const,
        requiresArg: true,
        default: 'markdown' as const,
        describe: 'Output format',
      })
      .epilogue(
        'Compares the files of the folder, committed or not, with the commit where this branch began. The default base is the main branch of the remote. Exits with 1 if the project is not valid.',
      ),
  run({ project, base, output, ...given }) {
    const found = projectReport(project, { base, readNodes: (state) => givenNodes(given, state) });
    if (!('sessions' in found)) {
      printProblems(found);
      return 1;
    }
    print(output === 'json' ? JSON.stringify(reportJson(found), undefined, 2) : markdown(found));
    return found.errors.length > 0 ? 1 : 0;
  },
};
