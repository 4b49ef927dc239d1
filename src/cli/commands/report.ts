import { reportJson, type Report } from '../../report/changes/report';
import { markdown } from '../../report/text/markdown';
import { terminalText } from '../../report/text/terminal';
import { projectReport } from '../../report/project-report';
import { projectOption, type Command, type ProjectOptions } from '../command';
import { print, printProblems } from '../output';
import { givenNodes, nodeOptions, type NodeOptions } from '../node-options';

interface ReportOptions extends ProjectOptions, NodeOptions {
  readonly base?: string;
  readonly output: 'markdown' | 'text' | 'json';
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
        choices: ['markdown', 'text', 'json'] as const,
        requiresArg: true,
        default: 'markdown' as const,
        describe: 'Output format; text is for a terminal, without manifests',
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
    print(textOf(found, output));
    return found.errors.length > 0 ? 1 : 0;
  },
};

function textOf(report: Report, output: ReportOptions['output']): string {
  switch (output) {
    case 'markdown':
      return markdown(report);
    case 'text':
      return terminalText(report);
    case 'json':
      return JSON.stringify(reportJson(report), undefined, 2);
  }
}
