import type { CommandGroup } from '../command';
import { create } from './cohort/create';
import { end } from './cohort/end';
import { extend } from './cohort/extend';
import { list } from './cohort/list';

export const cohort: CommandGroup = {
  actions: [create, list, extend, end],
};
