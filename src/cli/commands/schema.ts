import { SCHEMA_NAMES, schemaText, type SchemaName } from '../../source/schemas';
import type { Command } from '../command';
import { print } from '../output';

interface SchemaOptions {
  readonly name: SchemaName;
}

export const schema: Command<SchemaOptions> = {
  builder: (options) =>
    options.positional('name', {
      choices: SCHEMA_NAMES,
      demandOption: true,
      describe: 'Kind of file; values is the values file of the chart',
    }),
  run({ name }) {
    print(schemaText(name).trimEnd());
    return 0;
  },
};
