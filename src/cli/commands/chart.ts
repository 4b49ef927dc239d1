import { DozlabError } from '../../core/errors';
import { packageLabChart, pushChart, writeChart } from '../../registry/push-chart';
import type { Command, ExitCode } from '../command';
import { print, printNote } from '../output';

interface ChartOptions {
  readonly action?: 'package' | 'push';
  readonly target?: string;
  readonly out: string;
  readonly plainHttp?: boolean;
}

export const chart: Command<ChartOptions> = {
  builder: (options) =>
    options
      .positional('action', {
        choices: ['package', 'push'] as const,
        describe: 'package makes the archive, push sends it by helm; without one, the files are written',
      })
      .positional('target', { type: 'string', describe: 'Where push sends the archive: oci://…' })
      .option('out', {
        type: 'string',
        requiresArg: true,
        default: '.',
        defaultDescription: 'the current folder',
        describe: 'Folder for the files or the archive',
      })
      .option('plain-http', { type: 'boolean', describe: 'push: to a registry without TLS' }),
  async run({ action, target, out, plainHttp = false }): Promise<ExitCode> {
    if ((action === 'push') !== (target !== undefined))
      throw new DozlabError(
        'invalid-usage',
        'push takes where to push to, such as oci://registry.example.com/charts; nothing else does',
      );
    if (plainHttp && action !== 'push') throw new DozlabError('invalid-usage', '--plain-http goes with push');
    if (target !== undefined) await pushChart(target, plainHttp);
    else if (action === 'package') print(await packageLabChart(out));
    else printNote(`the chart is in ${writeChart(out)}`);
    return 0;
  },
};
