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
      describe: 'Folder of the project; made when it is not there',
    }),
  run({ dir }) {
    for (const path of createProject(dir, PACKAGE_FOLDER)) print(path);
    printNote(`made a project in ${dir}; next: dozlab synth --project ${dir}`);
    return 0;
  },
};
