import * as yaml from 'prettier/plugins/yaml';
import type { Options } from 'prettier';
import { check } from 'prettier/standalone';
import { chartFiles } from '../../src/manifests/chart/files';

/**
 * The rules of chart-testing's yamllint (lintconf.yaml): spaces in braces and brackets, at colons, commas and hyphens, of comments and
 * indentation, and line ends. Its files are Chart.yaml and those of values: templates are no YAML.
 */
const FORMAT = {
  parser: 'yaml',
  plugins: [yaml],
  bracketSpacing: false,
  printWidth: 10_000,
  proseWrap: 'preserve',
} satisfies Options;

const LINTED = chartFiles().filter(({ path }) => /^(Chart|values|ci\/.*-values)\.yaml$/.test(path));

test('chart-testing reads four files', () => {
  expect(LINTED.map(({ path }) => path)).toEqual([
    'Chart.yaml',
    'values.yaml',
    'ci/default-values.yaml',
    'ci/everything-values.yaml',
  ]);
});

test.each(LINTED.map(({ path, content }) => [path, content] as const))('%s has the format', async (_, content) => {
  expect(await check(content, FORMAT)).toBe(true);
  expect(content).not.toMatch(/[ \t\r]$|\n{4}|\n\n(?![^])/m);
});

test.each([
  ['a comma', 'a: {"b": 1,"c": 2}\n'],
  ['a brace', 'a: { b: 1 }\n'],
  ['a bracket', 'a: [ 1 ]\n'],
  ['a colon', 'a:  1\n'],
  ['a hyphen', 'a:\n  -  1\n'],
  ['an indentation', 'a:\n  b:\n     c: 1\n'],
  ['the end', 'a: 1'],
])('the format forbids spaces at %s', async (_, content) => {
  expect(await check(content, FORMAT)).toBe(false);
});
