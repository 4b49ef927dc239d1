import { DozlabError } from '../../core/errors';
import { inOrder, isError, problemAt } from '../../core/diagnostics';
import { readYaml } from '../../source/yaml';
import { renderSession } from '../../manifests/render-session';
import { toYaml } from '@dozlab/charts/yaml';
import { labelName } from '../../api/values/fields';
import { checkValues } from '../../api/values/check';
import { isMapping } from '@dozlab/charts/schema';
import type { Command } from '../command';
import { print, printProblems } from '../output';
import { readUtf8 } from '../read-bytes';

interface RenderOptions {
  readonly file: string;
  readonly output: 'yaml' | 'json';
  readonly namespace?: string;
}

export const render: Command<RenderOptions> = {
  builder: {
    file: {
      alias: 'f',
      type: 'string',
      demandOption: true,
      requiresArg: true,
      describe: 'Values file; - for standard input',
    },
    namespace: {
      alias: 'n',
      type: 'string',
      requiresArg: true,
      describe: 'Namespace to write into the manifests; none when not given',
    },
    output: {
      alias: 'o',
      choices: ['yaml', 'json'] as const,
      default: 'yaml' as const,
      requiresArg: true,
      describe: 'Form of the manifests',
    },
  },
  run({ file, output, namespace }) {
    if (namespace !== undefined && !labelName().safeParse(namespace).success) {
      throw new DozlabError(
        'invalid-usage',
        `--namespace is ${JSON.stringify(namespace)}; accepted: at most 63 of a-z, 0-9 and -, with a letter or digit at both ends`,
      );
    }
    const read = readYaml(file, readUtf8(file, MOST_MEBIBYTES));
    if (Array.isArray(read)) {
      printProblems(read);
      return 1;
    }
    const { values, problems } = checkValues(withoutGlobal(read.content ?? {}));
    const placed = problems.map(({ severity, code, path, message, key }) =>
      problemAt(severity, code, file, read.locate(path, key), path, message),
    );
    printProblems(inOrder(placed));
    if (values === undefined || placed.some(isError)) return 1;
    const manifests = renderSession(values, namespace);
    print((output === 'json' ? JSON.stringify(manifests, null, 2) : toYaml(manifests)).trimEnd());
    return 0;
  },
};

const MOST_MEBIBYTES = 1;

/** Helm gives every chart the key `global`; a session does not read it. */
function withoutGlobal(content: unknown): unknown {
  if (!isMapping(content)) return content;
  return Object.fromEntries(Object.entries(content).filter(([key]) => key !== 'global'));
}
