import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cohortsFor } from '../plan';
import type { GivenSession } from '../processes/session-app';
import { cohortName, upTo, valuesOf } from '../project';
import { PROCESSES, runProgram } from '../run';
import type { Runner, Site } from './runner';

export const oneApp = (site: Site): Runner => cdk8s(site, 'one-app');
export const appEach = (site: Site): Runner => cdk8s(site, 'app-each');

function cdk8s({ folder, sessions }: Site, name: string): Runner {
  const place = join(folder, name);
  mkdirSync(place, { recursive: true });
  const given = upTo(sessions).map((index): GivenSession => ({
    namespace: `lab-${cohortName(index % cohortsFor(sessions))}`,
    values: valuesOf(index),
  }));
  const [list, output] = [join(place, 'sessions.json'), join(place, 'output')];
  writeFileSync(list, JSON.stringify(given));
  return {
    reset: () => rmSync(output, { recursive: true, force: true }),
    run: () => runProgram(process.execPath, [join(PROCESSES, `${name}.js`), list, output]),
  };
}
