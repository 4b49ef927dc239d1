import type { CommandGroup } from '../command';
import { cohortCreate } from './cohort/create';
import { cohortEnd } from './cohort/end';
import { cohortExtend } from './cohort/extend';
import { cohortList } from './cohort/list';

export const cohort: CommandGroup = {
  actions: [cohortCreate, cohortList, cohortExtend, cohortEnd],
};
