import { loginsIn } from '../../../registry/credentials';
import { pushImage } from '../../../rootfs/push';
import { outputOption, type Action, type ExitCode } from '../../command';
import { print } from '../../output';
import { plainHttpOption } from '../../rootfs-options';

interface PushOptions {
  readonly file: string;
  readonly target: string;
  readonly plainHttp?: boolean;
  readonly output: 'text' | 'json';
}

export const rootfsPush: Action<PushOptions> = {
  command: 'push <file> <target>',
  describe: 'Push an image to a registry, compressed',
  builder: (options) =>
    options
      .positional('file', { type: 'string', demandOption: true, describe: 'ext4 image' })
      .positional('target', { type: 'string', demandOption: true, describe: 'registry.example.com/labs/vm:1' })
      .options({ ...plainHttpOption, ...outputOption })
      .epilogue('It uses the logins of docker login and helm registry login, and prints the digest.'),
  async run({ file, target, plainHttp = false, output }): Promise<ExitCode> {
    const result = await pushImage(file, target, { plainHttp, loginAt: loginsIn(process.env) });
    print(output === 'json' ? JSON.stringify(result, undefined, 2) : `${result.reference}@${result.digest}`);
    return 0;
  },
};
