import { checkImage } from '../../../rootfs/check/check-image';
import type { Action } from '../../command';
import { checkOptions, checkSettingsIn, printChecks, type CheckOptions } from '../../rootfs-options';

interface CheckFileOptions extends CheckOptions {
  readonly file: string;
}

export const rootfsCheck: Action<CheckFileOptions> = {
  command: 'check <file>',
  describe: 'Check that an image has what a session needs',
  builder: (options) =>
    options
      .positional('file', { type: 'string', demandOption: true, describe: 'ext4 image' })
      .options(checkOptions)
      .epilogue(
        'It looks for an SSH server that starts, Docker on port 2375, the static address and the tools. It mounts nothing and needs e2fsprogs. Exit code 1 if one is not found.',
      ),
  run({ file, ...options }) {
    return printChecks(checkImage(file, checkSettingsIn(options)), options.output);
  },
};
