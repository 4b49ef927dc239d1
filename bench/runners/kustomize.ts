import { join } from 'node:path';
import { labSessionChart } from '../../src/manifests/lab-session-chart';
import type { OutputFile } from '@dozlab/charts';
import { parseValues } from '../../src/api/values/check';
import { cohortsFor } from '../plan';
import { cohortName, upTo, valuesOf } from '../project';
import { oneByOne, runProgram } from '../run';
import { writeFiles } from '../write-files';
import { sampleOf, type Runner, type Site } from './runner';

export function kustomize({ folder, sessions, basis, tools }: Site): Runner {
  const place = join(folder, 'kustomize');
  const program = tools.kustomize?.path ?? 'kubectl';
  const cohorts = cohortsFor(sessions);
  const sample = upTo(sampleOf(basis, cohorts));
  for (const cohort of sample) writeFiles(join(place, cohortName(cohort)), cohortFiles(cohort, cohorts, sessions));
  const build = (cohort: number) => () =>
    runProgram(program, ['kustomize', join(place, cohortName(cohort))], join(place, `${cohortName(cohort)}.yaml`));
  return { run: () => oneByOne(sample.map(build)) };
}

function cohortFiles(cohort: number, cohorts: number, sessions: number): OutputFile[] {
  const indexes = upTo(sessions).filter((index) => index % cohorts === cohort);
  const manifests = indexes.map((index) => ({
    path: `${String(index)}.yaml`,
    content: labSessionChart.text(parseValues(valuesOf(index)), `lab-${cohortName(cohort)}`),
  }));
  const list = manifests.map(({ path }) => `- ${path}\n`).join('');
  return [...manifests, { path: 'kustomization.yaml', content: `resources:\n${list}` }];
}
