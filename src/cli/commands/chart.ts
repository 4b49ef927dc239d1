import { DozlabError } from '../../core/errors';
import { packageLabChart, pushChart, writeChart } from '../../registry/push-chart';
import type { Command, ExitCode } from '../command';
import { print, printNote } from '../output';

interface ChartOptions {
  readonly action?: 'package' | 'push';
  readonly target?: string;
  readonly out?: string;
  readonly plainHttp?: boolean;
}

export const chart: Command<ChartOptions> = {
  builder: (options) =>
    options
      .positional('action', {
        choices: ['package', 'push'] as const,
        describe: 'Write the archive, or push it by helm',
      })
      .positional('target', { type: 'string', describe: 'Registry to push to: oci://…' })
      .option('out', {
        type: 'string',
        requiresArg: true,
        defaultDescription: 'the current folder',
        describe: 'Folder of the files or the archive',
      })
      .option('plain-http', { type: 'boolean', describe: 'push: use a registry without TLS' })
      .epilogue('Without an action, chart writes the files of the chart.'),
  async run({ action, target, out, plainHttp = false }): Promise<ExitCode> {
    if ((action === 'push') !== (target !== undefined))
      throw new DozlabError(
        'invalid-usage',
        'push needs a target such as oci://registry.example.com/charts, and only push has one',
      );
    if (plainHttp && action !== 'push') throw new DozlabError('invalid-usage', '--plain-http works only with push');
    if (out !== undefined && action === 'push')
      throw new DozlabError('invalid-usage', '--out does not work with push, which writes no file');
    const folder = out ?? '.';
    if (target !== undefined) await pushChart(target, plainHttp);
    else if (action === 'package') print(await packageLabChart(folder));
    else printNote(`wrote the chart to ${writeChart(folder)}`);
    return 0;
  },
};
