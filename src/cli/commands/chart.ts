import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DozlabError } from '../../core/errors';
import { chartFiles } from '../../manifests/chart/files';
import { CHART_VERSION, labSessionChart } from '../../manifests/lab-session-chart';
import { applyPlans } from '../../synth/apply';
import { planOutput } from '../../synth/plan';
import { packageChart } from '@dozlab/charts';
import type { Command } from '../command';
import { print, printNote } from '../output';

interface ChartOptions {
  readonly action?: 'package' | 'push';
  readonly target?: string;
  readonly out: string;
  readonly plainHttp?: boolean;
}

const ARCHIVE = `${labSessionChart.name}-${CHART_VERSION}.tgz`;

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
  async run({ action, target, out: folder, plainHttp = false }) {
    if ((action === 'push') !== (target !== undefined)) {
      throw new DozlabError(
        'invalid-usage',
        'push takes where to push to, such as oci://registry.example.com/charts; nothing else does',
      );
    }
    if (plainHttp && action !== 'push') throw new DozlabError('invalid-usage', '--plain-http goes with push');
    if (action === undefined) return writeChart(join(folder, labSessionChart.name));
    const archive = await packageChart(labSessionChart.name, chartFiles());
    if (target === undefined) return writeArchive(folder, archive);
    return push(archive, target, plainHttp ? ['--plain-http'] : []);
  },
};

function writeChart(folder: string): 0 {
  applyPlans([planOutput(folder, chartFiles())]);
  printNote(`the chart is in ${folder}`);
  return 0;
}

function writeArchive(folder: string, archive: Buffer): 0 {
  const path = join(folder, ARCHIVE);
  try {
    writeFileSync(path, archive);
  } catch (error) {
    throw new DozlabError(
      'write-failed',
      `${path} cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`,
      { cause: error },
    );
  }
  print(path);
  return 0;
}

function push(archive: Buffer, target: string, options: readonly string[]): 0 {
  if (!target.startsWith('oci://'))
    throw new DozlabError('invalid-usage', `${target} is not a registry; accepted: oci://…`);
  const folder = mkdtempSync(join(tmpdir(), 'dozlab-chart-'));
  try {
    writeFileSync(join(folder, ARCHIVE), archive);
    execFileSync('helm', ['push', join(folder, ARCHIVE), target, ...options], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    return 0;
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new DozlabError(
      'write-failed',
      isMissing ? 'helm is needed to push a chart, and is not there' : 'helm could not push the chart',
      { cause: error },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
