import { excludingPattern, matches, patternsIn } from '../../../src/core/consumers/ignore-patterns';

/** Results of go-git v5, which Flux's source-controller uses. */
test.each<[pattern: string, path: string, isMatched: boolean, domain?: string]>([
  ['b.yaml', 'a/b.yaml', true],
  ['b.yaml', 'a/bb.yaml', false],
  ['a', 'a/b.yaml', true],
  ['a/', 'a/b.yaml', true],
  ['b.yaml/', 'a/b.yaml', false],
  ['/b.yaml', 'a/b.yaml', false],
  ['/a', 'a/b.yaml', true],
  ['/*', 'dist/infra/a.yaml', true],
  ['dist/*', 'dist/infra/a.yaml', true],
  ['dist/*.yaml', 'dist/infra/a.yaml', false],
  ['dist/**/a.yaml', 'dist/infra/namespaces/a.yaml', true],
  ['**/a.yaml', 'a.yaml', true],
  ['**/namespaces', 'dist/infra/namespaces/a.yaml', true],
  ['**', 'a.yaml', true],
  ['a**', 'ab.yaml', true],
  ['/dist/**', 'dist/infra/a.yaml', true],
  ['*.y?ml', 'a.yaml', true],
  ['[a-c].yaml', 'b.yaml', true],
  ['[^a-c].yaml', 'b.yaml', false],
  ['[a-c.yaml', 'b.yaml', false],
  ['\\*.yaml', '*.yaml', true],
  ['\\*.yaml', 'a.yaml', false],
  ['lab-a.yaml', 'infra/lab-a.yaml', true],
  ['[a\\-c].yaml', '-.yaml', true],
  ['[a\\-c].yaml', 'b.yaml', false],
  ['a\\', 'a', false],
  ['[b-ad]ist', 'dist/a.yaml', true],
  ['[b-a]', 'a', false],
  ['[^b-a]', 'a', true],
  ['[-a]', 'a', false],
  ['a.yaml  ', 'a.yaml', true],
  ['A.yaml', 'a.yaml', false],
  ['namespaces', 'dist/infra/namespaces/a.yaml', true, 'dist/infra'],
  ['namespaces', 'dist/namespaces/a.yaml', false, 'dist/infra'],
  ['/namespaces/a.yaml', 'dist/infra/namespaces/a.yaml', true, 'dist/infra'],
])('the pattern %j and the file %j: %j', (text, path, isMatched, domain = '') => {
  expect(matches({ text, domain }, path)).toBe(isMatched);
});

test('the last pattern that matches decides, and comments and blank lines are none', () => {
  const patterns = patternsIn('# all\n/*\n\n!/dist\ninfra\n', '');
  expect(patterns.map(({ text, line }) => [line, text])).toEqual([
    [2, '/*'],
    [4, '!/dist'],
    [5, 'infra'],
  ]);
  expect(excludingPattern(patterns, 'docs/a.yaml')?.line).toBe(2);
  expect(excludingPattern(patterns, 'dist/sessions/a.yaml')).toBeUndefined();
  expect(excludingPattern(patterns, 'dist/infra/a.yaml')?.line).toBe(5);
});
