import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { synthesizeProject } from '../../../src/synth/synthesize';
import { addFiles, cohort, project, projectWith, smallProject } from '../../support/project';
import { placeOf } from '../../support/problems';

const CHART = 'dist/charts/lab-session';
const TEMPLATE = `${CHART}/templates/service.yaml`;
const HELM = { delivery: 'helm', flux: { source: { url: 'https://example.com/labs' } } };

/** A project whose output has the chart as it is made today. */
function projectWithChart(spec: object = HELM, cohortSpec: object = {}): string {
  const files = { 'dozlab.yaml': project(spec), 'sessions/class/cohort.yaml': cohort('class', cohortSpec) };
  const folder = projectWith(smallProject(files));
  const { files: output = [] } = synthesizeProject(folder);
  addFiles(folder, Object.fromEntries(output.map(({ path, content }) => [`dist/${path}`, content])));
  return folder;
}

function problemsOf(folder: string): string[] {
  const { files, problems } = synthesizeProject(folder);
  const errors = problems.filter(({ severity }) => severity === 'error');
  expect(files === undefined).toBe(errors.length > 0);
  return errors.map((error) => `${placeOf(error)} ${/\(.*\)/.exec(error.message)?.[0] ?? ''}`);
}

const CHANGED = `${CHART}/Chart.yaml:1:1 version [same-version]`;

test('synth accepts the same chart under the same version, and no chart', () => {
  const folder = projectWithChart();
  expect(problemsOf(folder)).toEqual([]);
  rmSync(join(folder, CHART), { recursive: true });
  expect(problemsOf(folder)).toEqual([]);
});

test.each<[string, (folder: string) => void, string]>([
  [
    'a changed template',
    (folder) => {
      addFiles(folder, { [TEMPLATE]: '# other\n' });
    },
    'templates/service.yaml',
  ],
  [
    'a new template',
    (folder) => {
      rmSync(join(folder, TEMPLATE));
    },
    'templates/service.yaml',
  ],
  [
    'a template that goes',
    (folder) => {
      addFiles(folder, { [`${CHART}/templates/old.yaml`]: '# old\n' });
    },
    'templates/old.yaml',
  ],
  [
    'other defaults',
    (folder) => {
      addFiles(folder, { [`${CHART}/values.yaml`]: 'a: 1\n' });
    },
    'values.yaml',
  ],
])('synth rejects %s under the same version', (_, change, named) => {
  const folder = projectWithChart();
  change(folder);
  expect(problemsOf(folder)).toEqual([`${CHANGED} (${named})`]);
});

test('synth accepts another README under the same version', () => {
  const folder = projectWithChart();
  addFiles(folder, { [`${CHART}/README.md`]: '# other\n' });
  expect(problemsOf(folder)).toEqual([]);
});

test.each(['version: 0.0.1', 'version: [', ''])('synth accepts other templates under another version: %j', (text) => {
  const folder = projectWithChart();
  expect(readFileSync(join(folder, CHART, 'Chart.yaml'), 'utf8')).not.toContain('version: 0.0.1\n');
  addFiles(folder, { [`${CHART}/Chart.yaml`]: text, [TEMPLATE]: '# other\n' });
  expect(problemsOf(folder)).toEqual([]);
});

const OCI = { url: 'oci://registry.example.com/charts/lab-session', digest: `sha256:${'a'.repeat(64)}` };

test.each<[string, object, object]>([
  ['by kustomize', {}, {}],
  ['of a pinned version', HELM, { chart: { version: '9.9.9', oci: { url: OCI.url } } }],
  ['of a registry by digest', HELM, { chart: { oci: OCI } }],
])('synth accepts other templates for sessions %s', (_, spec, cohortSpec) => {
  const folder = projectWithChart(spec, cohortSpec);
  addFiles(folder, { [TEMPLATE]: '# other\n' });
  expect(problemsOf(folder)).toEqual([]);
});

test.each<[chart: string | undefined, expected: string[]]>([
  ['version: 0.0.1\n', []],
  ['version: 0.0.2\n', ['charts/lab-session-0.0.1/Chart.yaml:1:1 version [conflict] ']],
  ['version: "9.9.9"\n# version: 0.0.1\n', ['charts/lab-session-0.0.1/Chart.yaml:1:1 version [conflict] ']],
  [undefined, ['charts/lab-session-0.0.1/Chart.yaml:1:1 version [conflict] ']],
])('synth refuses a folder of an older chart with another version: %j', (chart, expected) => {
  const folder = projectWithChart({ ...HELM, chart: { version: '0.0.1' } });
  addFiles(folder, { [`charts/lab-session-0.0.1/${chart === undefined ? 'README.md' : 'Chart.yaml'}`]: chart ?? 'x' });
  expect(problemsOf(folder)).toEqual(expected);
});
