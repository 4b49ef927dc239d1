import { FLUX_IGNORES, meaningOfFile } from '../../../src/core/consumers/files';
import { matches } from '../../../src/core/consumers/ignore-patterns';
import { meaningOfName, NAMES_WITH_MEANING } from '../../../src/core/consumers/names';

test.each([
  ['kustomization', /kustomize and Flux build a folder/],
  ['cloudbuild', /Flux leaves cloudbuild.yaml out/],
  ['con', /Windows/],
  ['NUL', /Windows/],
  ['com1', /Windows/],
  ['lpt9', /Windows/],
])('%s has a meaning', (name, reason) => {
  expect(meaningOfName(name)).toMatch(reason);
});

test.each([
  'kustomizations',
  'component',
  'chart',
  'com0',
  'com10',
  'console',
  'values',
  'cloudbuild-1',
  'flux',
  'git',
])('%s is a name as any other', (name) => {
  expect(meaningOfName(name)).toBeUndefined();
});

test('the list for JSON Schemas has the names with a meaning, and no other', () => {
  expect(NAMES_WITH_MEANING.filter((name) => meaningOfName(name) === undefined)).toEqual([]);
  const possible = FLUX_IGNORES.map((pattern) => pattern.replace(/^.*\/|\.ya?ml$/g, ''))
    .concat('kustomization', 'con', 'prn', 'aux', 'nul')
    .filter((name) => /^[a-z0-9-]+$/.test(name) && meaningOfName(name) !== undefined);
  expect(possible.filter((name) => !NAMES_WITH_MEANING.includes(name))).toEqual([]);
});

test('a file of a name without a meaning is an ordinary manifest, which Flux does not ignore', () => {
  for (const name of ['alice', 'component', 'com0', 'k8s101']) {
    expect(meaningOfFile({ path: `${name}.yaml` })?.isControl).toBe(false);
    expect(FLUX_IGNORES.some((text) => matches({ text, domain: '' }, `${name}.yaml`))).toBe(false);
  }
});
