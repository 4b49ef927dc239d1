import type { CommandGroup } from '../command';
import { create } from './cohort/create';
import { end } from './cohort/end';
import { extend } from './cohort/extend';
import { list } from './cohort/list';

export const cohort: CommandGroup = {
  command: 'cohort',
  describe: 'Write, change, list and remove the sessions of a whole class',
  commands: [create, list, extend, end],
};
