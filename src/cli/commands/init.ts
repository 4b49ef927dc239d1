import { createProject } from '../../edit/init';
import { PACKAGE_FOLDER } from '../version';
import type { Command } from '../command';
import { print, printNote } from '../output';

interface InitOptions {
  readonly dir: string;
}

export const init: Command<InitOptions> = {
  builder: (options) =>
    options.positional('dir', {
      type: 'string',
      default: '.',
      describe: 'Folder of the project; created if it is missing',
    }),
  run({ dir }) {
    for (const path of createProject(dir, PACKAGE_FOLDER)) print(path);
    printNote(`created a project in ${dir}; next: dozlab synth --project ${dir}`);
    return 0;
  },
};
