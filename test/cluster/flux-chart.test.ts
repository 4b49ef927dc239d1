import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHART_VERSION } from '../../src/manifests/lab-session-chart';
import { lab } from '../support/project';
import { chartFolder } from './chart';
import { uniqueName } from './cluster';
import { FluxCohort } from './flux-cohort';
import { FluxProject } from './flux-project';

/** Releases that follow the chart of the project, and such that stay at one that is kept. */

const CHART = 'dist/charts/lab-session';
const follows = new FluxCohort(uniqueName('follows'), 'helm');
const stays = new FluxCohort(uniqueName('stays'), 'helm', { chart: { version: CHART_VERSION } });
const cohorts = [follows, stays];

const fleet = new FluxProject(
  'chart',
  {},
  {
    'labs/vm.yaml': lab('vm'),
    ...follows.files({ alice: {}, bob: {} }),
    ...stays.files({ carol: {} }),
  },
);

/** One more object in the chart that releases follow. */
const ADDED = `apiVersion: v1
kind: Service
metadata:
  name: added-{{ .Values.session.id }}
spec:
  ports:
  - port: 80
`;

/** Commits files as they are, without dozlab. */
function commit(files: Record<string, string>): void {
  fleet.write(files);
  fleet.git.push();
  fleet.sync(...cohorts.map(({ name }) => name));
  for (const one of cohorts) one.lookForChart();
}

/** The chart of each release of a cohort, by the newest entry of its history. */
const versionsOf = (one: FluxCohort): unknown[] =>
  one
    .list('helmreleases')
    .map(({ status }) => (status as { history: { chartVersion: string }[] }).history[0]?.chartVersion);
const addedIn = (one: FluxCohort): string[] =>
  one.list('services').flatMap(({ metadata: { name } }) => (name.startsWith('added-') ? [name] : []));
const podsIn = (): string[] => [follows.pods('alice'), follows.pods('bob'), stays.pods('carol')].flat();

beforeAll(() => {
  cpSync(chartFolder(), join(fleet.git.folder, `charts/lab-session-${CHART_VERSION}`), { recursive: true });
  fleet.bootstrap();
  fleet.sync(...cohorts.map(({ name }) => name));
  for (const one of cohorts) one.settle();
});
afterAll(() => {
  fleet.end();
});

test('another chart of the same version is not seen by any release', () => {
  commit({ [`${CHART}/templates/added.yaml`]: ADDED });
  expect([...versionsOf(follows), ...versionsOf(stays)]).toEqual([CHART_VERSION, CHART_VERSION, CHART_VERSION]);
  expect(addedIn(follows)).toEqual([]);
});

test('of another version: all releases that follow it get it at once, and pods stay', () => {
  const before = podsIn();
  expect(before).toHaveLength(3);
  const text = readFileSync(join(fleet.git.folder, CHART, 'Chart.yaml'), 'utf8');
  commit({ [`${CHART}/Chart.yaml`]: text.replace(/^version: .*$/m, 'version: 0.99.0') });
  expect(versionsOf(follows)).toEqual(['0.99.0', '0.99.0']);
  expect(addedIn(follows)).toEqual(['added-alice', 'added-bob']);
  expect(versionsOf(stays)).toEqual([CHART_VERSION]);
  expect(addedIn(stays)).toEqual([]);
  expect(podsIn()).toEqual(before);
});
