import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { FLUX_FOLDER, OUTPUT_FOLDER } from '../../src/model/project';
import { applyPlans } from '../../src/synth/apply';
import { controlProblems, disturbances } from '../../src/synth/disturbances';
import { planOutput } from '../../src/synth/plan';
import { synthesizeProject } from '../../src/synth/synthesize';
import { addFiles, projectWith, smallProject } from '../support/project';

const MANIFEST = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'mine' } };

const folder = projectWith(smallProject());
const { files = [], fluxFiles = [] } = synthesizeProject(folder);
const OUTPUT = { [OUTPUT_FOLDER]: files, [FLUX_FOLDER]: fluxFiles };
const plans = () =>
  Object.entries(OUTPUT).map(([name, output]) => ({ folder: name, plan: planOutput(join(folder, name), output) }));
applyPlans(plans().map(({ plan }) => plan));

const found = (ownFiles: readonly string[] = []) => disturbances(folder, plans(), { ownFiles });

/** What is said while a file is there. */
function withFile(path: string, content: unknown = MANIFEST, ownFiles: readonly string[] = []) {
  addFiles(folder, { [path]: content });
  const { problems, unread } = found(ownFiles);
  rmSync(join(folder, path));
  return {
    refused: problems.map(({ file, code }) => `${file} ${code}`),
    unread: unread.map((stray) => stray.path),
  };
}

test('nothing is refused in a project as synth leaves it', () => {
  const { problems, strays, unread } = found();
  expect({ problems, strays, unread }).toEqual({ problems: [], strays: [], unread: [] });
  expect(controlProblems(folder, { ownFiles: [] })).toEqual([]);
});

test.each([
  ...['kustomization.yaml', 'kustomization.yml', 'Kustomization', '.sourceignore', '.krmignore', 'README.md'],
  ...['mine.yaml', 'mine.yml', '.mine.yaml', 'mine.json', 'notes.txt', '.hidden', '.gitattributes', '.gitignore'],
])('%s is refused in each folder that Flux reads', (name) => {
  for (const place of [
    'infra',
    'infra/namespaces',
    'monitoring',
    'nodes',
    'exec-backend',
    'argocd',
    'flux/cohorts',
    'sessions/class',
    'sessions/class/more',
  ]) {
    const path = `dist/${place}/${name}`;
    expect(withFile(path).refused).toEqual([`${path} stray-file`]);
  }
});

test.each([
  'templates/Thumbs.db',
  'templates/tests/.gitkeep',
  'desktop.ini',
  'templates/mine.yaml',
  'crds/mine.yaml',
  'charts/more/Chart.yaml',
  'files/notes.txt',
  'Chart.lock',
])('%s is refused in the chart', (name) => {
  const path = `dist/charts/lab-session/${name}`;
  expect(withFile(path).refused).toEqual([`${path} stray-file`]);
});

test.each<[path: string, isRefused: boolean]>([
  ['dist/notes.txt', false],
  ['dist/more/notes.txt', false],
  ['dist/mine.yaml', true],
  ['dist/more/mine.yaml', true],
  ['dist/Kustomization', true],
  ['dist/.sourceignore', true],
])('%s at the top: refused %s', (path, isRefused) => {
  expect(withFile(path)).toMatchObject(
    isRefused ? { refused: [`${path} stray-file`], unread: [] } : { refused: [], unread: [path] },
  );
});

test('files of the desktop pass without a word', () => {
  for (const path of ['dist/.DS_Store', 'dist/infra/.gitkeep', 'dist/charts/lab-session/templates/.DS_Store'])
    expect(withFile(path)).toMatchObject({ refused: [], unread: [] });
});

test('a link and a nested repository are refused, each once', () => {
  symlinkSync('../notes.txt', join(folder, 'dist/infra/link'));
  mkdirSync(join(folder, 'dist/sessions/class/.git'));
  addFiles(folder, { 'dist/sessions/class/.git/HEAD': 'ref: x\n', 'dist/sessions/class/.git/config': '' });
  const { problems } = found();
  for (const path of ['infra/link', 'sessions/class/.git']) rmSync(join(folder, 'dist', path), { recursive: true });
  expect(problems.map(({ file }) => file).sort()).toEqual(['dist/infra/link', 'dist/sessions/class/.git']);
  expect(problems[0]?.message).toContain('Git takes dist/sessions/class for another repository');
});

describe('in fluxcd/', () => {
  test.each<[path: string, isRefused: boolean]>([
    ['fluxcd/README.md', false],
    ['fluxcd/flux-system/gotk-components.yaml', false],
    ['fluxcd/flux-system/gotk-sync.yaml', false],
    ['fluxcd/flux-system/kustomization.yaml', false],
    ['fluxcd/flux-system/more.yaml', true],
    ['fluxcd/apps.yaml', true],
    ['fluxcd/sessions/alice.yaml', true],
    ['fluxcd/kustomization.yaml', true],
    ['fluxcd/Kustomization', true],
    ['fluxcd/.sourceignore', true],
    ['fluxcd/flux-system/.sourceignore', true],
  ])('%s: refused %s', (path, isRefused) => {
    expect(withFile(path).refused).toEqual(isRefused ? [`${path} stray-file`] : []);
  });

  test.each<[path: string, ownFiles: string[], isRefused: boolean]>([
    ['fluxcd/apps.yaml', ['apps.yaml'], false],
    ['fluxcd/apps.yaml', ['apps'], true],
    ['fluxcd/apps/one.yaml', ['apps/'], false],
    ['fluxcd/apps/one.yaml', ['apps'], false],
    ['fluxcd/apps/kustomization.yaml', ['apps/'], false],
    ['fluxcd/appsmore/one.yaml', ['apps'], true],
    ['fluxcd/apps/.sourceignore', ['apps/'], true],
    ['fluxcd/apps/.gitattributes', ['apps/'], true],
    ['fluxcd/kustomization.yaml', ['kustomization.yaml'], true],
  ])('%s with the own files %j: refused %s', (path, ownFiles, isRefused) => {
    expect(withFile(path, MANIFEST, ownFiles).refused).toEqual(isRefused ? [`${path} stray-file`] : []);
  });
});

test('validate sees files that change how others are read, also in a project with errors', () => {
  const strays = { 'dist/infra/Kustomization': 'resources: []\n', 'dist/sessions/class/mine.yaml': MANIFEST };
  addFiles(folder, { ...strays, 'labs/vm.yaml': 'kind: Wrong\n' });
  expect(controlProblems(folder, { ownFiles: [] }).map(({ file }) => file)).toEqual(['dist/infra/Kustomization']);
});
