import { toYaml } from '@dozlab/charts/yaml';
import { labelName } from '../../api/values/fields';
import { isError } from '../../core/diagnostics';
import { DozlabError } from '../../core/errors';
import { shownValue } from '../../core/redact';
import { renderSession } from '../../manifests/lab-session-chart';
import { readValuesFile } from '../../source/values-file';
import type { Command } from '../command';
import { printProblems, printUnmasked } from '../output';
import { readText } from '../read-file';

interface RenderOptions {
  readonly file: string;
  readonly output: 'yaml' | 'json';
  readonly namespace?: string;
}

const MOST_MEBIBYTES = 1;

export const render: Command<RenderOptions> = {
  builder: {
    file: {
      alias: 'f',
      type: 'string',
      demandOption: true,
      requiresArg: true,
      describe: 'Values file, - for standard input',
    },
    namespace: {
      alias: 'n',
      type: 'string',
      requiresArg: true,
      describe: 'Namespace of the manifests; none by default',
    },
    output: {
      alias: 'o',
      choices: ['yaml', 'json'] as const,
      default: 'yaml' as const,
      requiresArg: true,
      describe: 'Output format',
    },
  },
  run({ file, output, namespace }) {
    if (namespace !== undefined && !labelName().safeParse(namespace).success) {
      throw new DozlabError(
        'invalid-usage',
        `--namespace is ${shownValue(['namespace'], namespace)}; accepted: at most 63 of a-z, 0-9 and -, with a letter or digit at both ends`,
      );
    }
    const { values, problems } = readValuesFile(file, readText(file, MOST_MEBIBYTES));
    printProblems(problems);
    if (values === undefined || problems.some(isError)) return 1;
    const manifests = renderSession(values, namespace);
    printUnmasked((output === 'json' ? JSON.stringify(manifests, null, 2) : toYaml(manifests)).trimEnd());
    return 0;
  },
};
