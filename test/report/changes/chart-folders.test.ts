import type { Cohort } from '../../../src/model/cohort';
import { changedChartFolders } from '../../../src/report/changes/chart-folders';
import { projectWith } from '../../support/project';

const FILES = { 'Chart.yaml': 'version: 0.0.1\n', 'templates/pod.yaml': 'kind: Pod\n' };
const inFolder = (folder: string, files: Readonly<Record<string, string>> = FILES) =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text]));

const cohort = (name: string, chart: object): Cohort => ({ name, chart }) as Cohort;
const PINNED = [cohort('a', { version: '0.0.1' }), cohort('b', { version: '0.0.1' }), cohort('c', {})];

/** Changes from the files of a commit to those of a folder. */
function changes(before: Readonly<Record<string, string>>, now: Readonly<Record<string, string>>, cohorts = PINNED) {
  const old = new Map(Object.entries(before).map(([path, content]) => [path, { content }]));
  return changedChartFolders(projectWith(now), cohorts, old).map(({ change, path, does }) => [change, path, does]);
}

const FOLDER = 'charts/lab-session-0.0.1';
const does = (files: string) =>
  `Helm installs the sessions of a, b from it, and no other part of this report shows what it changes there: ${files}`;

test.each<[string, Record<string, string>, string]>([
  ['a changed file', { 'templates/pod.yaml': 'kind: Job\n' }, 'templates/pod.yaml'],
  ['a new file', { 'crds/more.yaml': 'x' }, 'crds/more.yaml'],
  ['two files', { 'Chart.yaml': 'version: 9.9.9\n', 'templates/NOTES.txt': 'x' }, 'Chart.yaml, templates/NOTES.txt'],
])('the report shows %s in a folder from which Helm installs sessions', (_, more, files) => {
  const folder = inFolder(FOLDER);
  expect(changes(folder, { ...folder, ...inFolder(FOLDER, more) })).toEqual([['changed', FOLDER, does(files)]]);
});

test('the report shows a file that goes, also with its whole folder', () => {
  const { [`${FOLDER}/templates/pod.yaml`]: gone, ...rest } = inFolder(FOLDER);
  expect(gone).toBeDefined();
  expect(changes(inFolder(FOLDER), rest)).toEqual([['changed', FOLDER, does('templates/pod.yaml')]]);
  expect(changes(inFolder(FOLDER), {})).toEqual([['changed', FOLDER, does('Chart.yaml, templates/pod.yaml')]]);
});

test('the report passes over a copy of the generated chart, but not over another new folder', () => {
  const generated = inFolder('dist/charts/lab-session');
  expect(changes(generated, { ...generated, ...inFolder(FOLDER) })).toEqual([]);
  expect(changes(generated, inFolder(FOLDER))).toEqual([]); // the generated chart has changed since
  const other = inFolder(FOLDER, { ...FILES, 'templates/pod.yaml': 'kind: Job\n' });
  expect(changes(generated, { ...generated, ...other })).toEqual([
    ['new', FOLDER, does('Chart.yaml, templates/pod.yaml')],
  ]);
});

test('the report passes over folders that no cohort names, and those that stay', () => {
  const pinnedElsewhere = [cohort('a', {}), cohort('b', { version: '0.0.1', oci: { url: 'oci://x' } })];
  expect(changes(inFolder(FOLDER), {}, pinnedElsewhere)).toEqual([]);
  expect(changes(inFolder(FOLDER), inFolder(FOLDER))).toEqual([]);
});
