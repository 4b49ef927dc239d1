import type { CommandGroup } from '../command';
import { rootfsBuild } from './rootfs/build';
import { rootfsCheck } from './rootfs/check';
import { rootfsPush } from './rootfs/push';

export const rootfs: CommandGroup = {
  actions: [rootfsBuild, rootfsCheck, rootfsPush],
};
