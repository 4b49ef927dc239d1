import type { CommandGroup } from '../command';
import { create } from './session/create';
import { edit } from './session/edit';
import { end } from './session/end';
import { extend } from './session/extend';
import { list } from './session/list';
import { show } from './session/show';
import { resume, suspend } from './session/suspend';

export const session: CommandGroup = {
  actions: [create, show, list, edit, extend, suspend, resume, end],
};
