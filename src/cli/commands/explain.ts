import type { ValueDescription } from '@dozlab/charts/schema';
import { topLevelValues, valuesAt } from '../../api/values/explain';
import type { Command } from '../command';
import { print } from '../output';

interface ExplainOptions {
  readonly path?: string;
}

export const explain: Command<ExplainOptions> = {
  builder: (options) =>
    options.positional('path', {
      type: 'string',
      describe: 'Value or section, such as firecracker.vm.memory',
    }),
  run({ path }) {
    if (path === undefined)
      for (const value of topLevelValues()) print(`${value.path.padEnd(30)} ${value.description}`);
    else print(valuesAt(path).map(explained).join('\n\n'));
    return 0;
  },
};

function explained({ path, type, description, default: given, unit, required }: ValueDescription): string {
  const value = required
    ? 'Required.'
    : given === undefined
      ? 'Not set by default.'
      : `Default: ${JSON.stringify(given)}`;
  return [
    `${path} (${type}${unit === undefined ? '' : `, in ${unit}`})`,
    `  ${description}`,
    ...(type === 'mapping' ? [] : [`  ${value}`]),
  ].join('\n');
}
