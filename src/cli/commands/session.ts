import type { CommandGroup } from '../command';
import { sessionCreate } from './session/create';
import { sessionEdit } from './session/edit';
import { sessionEnd } from './session/end';
import { sessionExtend } from './session/extend';
import { sessionList } from './session/list';
import { sessionShow } from './session/show';
import { sessionResume, sessionSuspend } from './session/suspend';

export const session: CommandGroup = {
  actions: [
    sessionCreate,
    sessionShow,
    sessionList,
    sessionEdit,
    sessionExtend,
    sessionSuspend,
    sessionResume,
    sessionEnd,
  ],
};
