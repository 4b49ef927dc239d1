import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { hasOuterRules, outerRules } from '../../src/synth/outer-files';
import { addFiles, temporaryFolder, type Files } from '../support/project';

const PATHS = ['dist/infra/namespaces/lab-a.yaml', 'dist/sessions/a/one.yaml', 'fluxcd/infra.yaml'];

/** A project in a folder of a repository. */
function projectIn(place: string, files: Files): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, '.git'));
  addFiles(folder, { [join(place, 'dozlab.yaml')]: '', ...files });
  return join(folder, place);
}

const rulesOf = (files: Files, place = '.') =>
  outerRules(projectIn(place, files), PATHS).map(({ problem: { file, line, message }, hides }) => ({
    at: `${file}:${String(line)}`,
    hides: hides.length,
    message,
  }));

test.each<[text: string, at: string | undefined, hides: number]>([
  ['dist\n', '.sourceignore:1', 2],
  ['# Flux\n\nnamespaces/\n', '.sourceignore:3', 1],
  ['/*\n', '.sourceignore:1', 3],
  ['/*\n!/dist\n!/fluxcd\n', undefined, 0],
  ['docs/\n*.md\n', undefined, 0],
  ['/*\n!/dist/**\n!/fluxcd/**\ninfra.yaml\n', '.sourceignore:4', 1],
])('.sourceignore %j: %s', (text, at, hides) => {
  expect(rulesOf({ '.sourceignore': text }).map((rule) => [rule.at, rule.hides])).toEqual(
    at === undefined ? [] : [[at, hides]],
  );
});

test('files above the project count, down from the top of its repository', () => {
  expect(rulesOf({ '.sourceignore': '/labs/dist/infra\n' }, 'labs')).toEqual([
    {
      at: '../.sourceignore:1',
      hides: 1,
      message: expect.stringContaining('Fix: remove the pattern, or add !/labs/dist/** after it') as string,
    },
  ]);
  expect(rulesOf({ '.sourceignore': '/dist\n' }, 'labs')).toEqual([]);
  expect(rulesOf({ 'other/.sourceignore': 'dist\n' }, 'labs')).toEqual([]);
});

test.each<[text: string, isRefused: boolean]>([
  ['dist/** linguist-generated\n', false],
  ['* text=auto eol=lf\n', false],
  ['dist/** filter=lfs diff=lfs merge=lfs -text\n', true],
  ['*.yaml filter=lfs\n', true],
  ['*.yaml ident\n', true],
  ['*.yaml working-tree-encoding=UTF-16\n', true],
  ['*.png filter=lfs\n', false],
  ['dist filter=lfs\n', false],
  ['*.yaml filter=lfs\ndist/** !filter\nfluxcd/** -filter\n', false],
  ['[attr]big filter=lfs -text\ndist/** big\n', true],
  ['[attr]big filter=lfs -text\n', false],
  ['[attr]big filter=lfs -text\ndist/** -big\n', false],
  ['"dist/**" filter=lfs\n', true],
  ['dist/* filter=lfs\n', false],
  ['/dist/*/*/*.yaml filter=lfs\n', true],
])('.gitattributes %j: refused %s', (text, isRefused) => {
  const files = { '.gitattributes': text };
  expect(rulesOf(files).length).toBe(isRefused ? 1 : 0);
  expect(hasOuterRules(projectIn('.', files)) || !isRefused).toBe(true);
});

test.each<[path: string, isRefused: boolean]>([
  ['labs/dist/infra/more', true],
  ['labs/dist', true],
  ['"labs/fluxcd/x"', true],
  ['labs/distant', false],
  ['dist/infra', false],
  ['docs', false],
])('a submodule at %s: refused %s', (path, isRefused) => {
  const files = { '.gitmodules': `[submodule "x"]\n\tpath = ${path}\n\turl = https://git.example.com/x\n` };
  const said = rulesOf(files, 'labs').map(
    ({ at, message }) => `${at} ${message.replace(/^.*, (apply .*), which.*$/, '$1')}`,
  );
  const top = path.includes('fluxcd') ? 'fluxcd' : 'dist';
  expect(said).toEqual(isRefused ? [`../.gitmodules:2 apply files of another repository with ${top}/`] : []);
  expect(hasOuterRules(projectIn('labs', files))).toBe(isRefused);
});

test('a project without such files, or with those of init, has no rules', () => {
  expect(hasOuterRules(projectIn('.', {}))).toBe(false);
  expect(hasOuterRules(projectIn('.', { '.gitattributes': 'dist/** linguist-generated\n' }))).toBe(false);
});
