import { DozlabError } from '../../../core/errors';
import { plural, withoutControls } from '../../../core/text';
import { loginsIn } from '../../../registry/credentials';
import { buildImage } from '../../../rootfs/build';
import { checkImage } from '../../../rootfs/check/check-image';
import { imageSizeIn } from '../../../rootfs/image-size';
import { pullerWith } from '../../../rootfs/pull';
import type { Action } from '../../command';
import { firstLines } from '../../format';
import { printNote } from '../../output';
import { checkOptions, checkSettingsIn, plainHttpOption, printChecks, type CheckOptions } from '../../rootfs-options';

interface BuildOptions extends CheckOptions {
  readonly source: string;
  readonly file: string;
  readonly size?: string;
  readonly label?: string;
  readonly skipCheck?: boolean;
  readonly plainHttp?: boolean;
}

const MIB = 1024 ** 2;

export const rootfsBuild: Action<BuildOptions> = {
  command: 'build <source> <file>',
  describe: 'Make an ext4 image without root, and check it',
  builder: (options) =>
    options
      .positional('source', { type: 'string', demandOption: true, describe: 'Folder, tar file, OCI image or oci://…' })
      .positional('file', { type: 'string', demandOption: true, describe: 'Image to write' })
      .options({
        size: {
          type: 'string',
          requiresArg: true,
          defaultDescription: 'what the files need',
          describe: 'Size, such as 2G',
        },
        label: { type: 'string', requiresArg: true, describe: 'Label, at most 16 bytes' },
        'skip-check': { type: 'boolean', describe: 'Do not check what a session needs' },
        ...checkOptions,
        ...plainHttpOption,
      })
      .epilogue(
        'It needs e2fsprogs. The same files give the same bytes. init-rootfs grows the image to rootfs.diskSize. Exit code 1 if a check fails; the image is written anyway.',
      ),
  async run({ source, file, size, label, skipCheck = false, plainHttp = false, ...options }) {
    if (label !== undefined && !/^[\x21-\x7e]{1,16}$/.test(label))
      throw new DozlabError('invalid-usage', `--label takes 1 to 16 characters of ASCII without spaces`);
    const checks = checkSettingsIn(options);
    const settings = { size: size === undefined ? undefined : imageSizeIn(size), label };
    const { bytes, leftOut } = await buildImage(source, file, settings, pullerWith(loginsIn(process.env), plainHttp));
    printNote(`wrote ${file}, ${String(bytes / MIB)} MiB`);
    if (leftOut.special > 0) printNote(`left out ${plural(leftOut.special, 'special file')}: devices, pipes, sockets`);
    for (const path of firstLines(leftOut.capabilities))
      printNote(`left out the capabilities of ${withoutControls(path)}. Fix: setcap at the first start`);
    return skipCheck ? 0 : printChecks(checkImage(file, checks), options.output);
  },
};
