import { DozlabError } from '../../core/errors';
import { describeValues, nearest, type ValueDescription } from '@dozlab/charts/schema';
import { valuesSchema } from '../../api/values/schema';
import type { Command } from '../command';
import { print } from '../output';

interface ExplainOptions {
  readonly path?: string;
}

export const explain: Command<ExplainOptions> = {
  builder: (options) =>
    options.positional('path', {
      type: 'string',
      describe: 'A value or section, such as firecracker.vm.memory; all sections when not given',
    }),
  run({ path }) {
    const all = describeValues(valuesSchema);
    if (path === undefined) {
      for (const each of all.filter((value) => !value.path.includes('.')))
        print(`${each.path.padEnd(30)} ${each.description}`);
      return 0;
    }
    const value = all.find((each) => each.path === path);
    if (value === undefined) {
      const near =
        nearest(
          path,
          all.map((each) => each.path),
        ) ?? all.find((each) => each.path.endsWith(`.${path}`))?.path;
      throw new DozlabError(
        'invalid-usage',
        `there is no value ${path}${near === undefined ? '; dozlab explain lists the sections' : `; did you mean ${near}?`}`,
      );
    }
    for (const line of explained(value)) print(line);
    for (const each of all.filter((other) => other.path.startsWith(`${path}.`)))
      print(`\n${explained(each).join('\n')}`);
    return 0;
  },
};

const explained = ({ path, type, description, default: given, unit, required }: ValueDescription): string[] => [
  `${path} (${type}${unit === undefined ? '' : `, in ${unit}`})`,
  `  ${description}`,
  ...(type === 'mapping'
    ? []
    : [
        `  ${required ? 'Required.' : given === undefined ? 'Not set by default.' : `Default: ${JSON.stringify(given)}`}`,
      ]),
];
