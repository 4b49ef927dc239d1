import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageChart } from '@dozlab/charts';
import { DozlabError } from '../core/errors';
import { chartFiles } from '../manifests/chart/files';
import { CHART_VERSION, labSessionChart } from '../manifests/lab-session-chart';
import { applyPlans } from '../synth/apply';
import { planOutput } from '../synth/plan';

const ARCHIVE = `${labSessionChart.name}-${CHART_VERSION}.tgz`;

/** @returns folder of the chart */
export function writeChart(folder: string): string {
  const path = join(folder, labSessionChart.name);
  applyPlans([planOutput(path, chartFiles())]);
  return path;
}

/** @throws DozlabError with code `write-failed` */
export async function packageLabChart(folder: string): Promise<string> {
  const path = join(folder, ARCHIVE);
  const archive = await packageChart(labSessionChart.name, chartFiles());
  try {
    writeFileSync(path, archive);
  } catch (error) {
    throw new DozlabError(
      'write-failed',
      `${path} cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`,
      { cause: error },
    );
  }
  return path;
}

/**
 * @param target `oci://…`
 * @throws DozlabError with code `invalid-usage` or `write-failed`
 */
export async function pushChart(target: string, plainHttp: boolean): Promise<void> {
  if (!target.startsWith('oci://'))
    throw new DozlabError('invalid-usage', `${target} is not a registry; accepted: oci://…`);
  const folder = mkdtempSync(join(tmpdir(), 'dozlab-chart-'));
  try {
    const archive = await packageLabChart(folder);
    execFileSync('helm', ['push', archive, target, ...(plainHttp ? ['--plain-http'] : [])], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new DozlabError(
      'write-failed',
      isMissing ? 'helm is needed to push a chart, and is not on the PATH' : 'helm could not push the chart',
      { cause: error },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
