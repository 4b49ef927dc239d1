import { join } from 'node:path';
import { chartFiles } from '../../src/manifests/chart/files';
import { cohortsFor } from '../plan';
import { cohortName, upTo, valuesOf } from '../project';
import { oneByOne, runProgram } from '../run';
import { writeFiles } from '../write-files';
import { sampleOf, type Runner, type Site } from './runner';

export function helm({ folder, sessions, basis, tools }: Site): Runner {
  const place = join(folder, 'helm');
  const program = tools.helm?.path ?? 'helm';
  const sample = upTo(sampleOf(basis, sessions));
  writeFiles(join(place, 'chart'), chartFiles());
  writeFiles(
    place,
    sample.map((index) => ({ path: `values/${String(index)}.json`, content: JSON.stringify(valuesOf(index)) })),
  );
  const template = (index: number) => () =>
    runProgram(
      program,
      [
        'template',
        'session',
        join(place, 'chart'),
        '--namespace',
        `lab-${cohortName(index % cohortsFor(sessions))}`,
        // The default depends on the Helm version.
        '--kube-version',
        '1.36.0',
        '--values',
        join(place, 'values', `${String(index)}.json`),
      ],
      join(place, `${String(index)}.yaml`),
    );
  return { run: () => oneByOne(sample.map(template)) };
}
