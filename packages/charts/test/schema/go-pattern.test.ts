import { goPattern, PatternProblem } from '../../src/schema/go-pattern';

it.each<[RegExp, string]>([
  [/^[à-ÿ]+$/, '^[à-ÿ]+$'],
  [/^(?:a|b)?c{2,5}?$/, '^(?:a|b)?c{2,5}?$'],
  [/\d\D\w\W\b\B\n\t/, '\\d\\D\\w\\W\\b\\B\\n\\t'],
  [/\/\-\.\_/, '\\/\\-\\.\\_'],
  [/[[:x]/, '[\\[:x]'],
  [/(?<year>\d{4})-(?<month>\d\d)/, '(\\d{4})-(\\d\\d)'],
  [/^[a-z]+$/i, '(?i)^[a-z]+$'],
  [/a.b/s, '(?s)a.b'],
  [/a/dg, 'a'],
  [/[^]/, '[\\x00-\\x{10ffff}]'],
  [/\x41\u0041\cA\0/, '\\x41\\x{41}\\x{1}\\x{0}'],
  [/[\b]/, '[\\x{8}]'],
  [/\a\é/, 'a\\x{e9}'],
  [/\p{L}\P{Lu}/u, '\\p{L}\\P{Lu}'],
  [/\u{1f600}/u, '\\x{1f600}'],
  [/\ud83d\ude00/, '\\x{1f600}'],
  [/\ud83d\ude00/u, '\\x{1f600}'],
  [/[\u{1f600}-\u{1f610}]/u, '[\\x{1f600}-\\x{1f610}]'],
  [/😀/, '😀'],
  [/[😀]/u, '[😀]'],
  [/(a{10}){100}/, '(a{10}){100}'],
])('%s is %s in Go', (pattern, go) => {
  expect(goPattern(pattern)).toBe(go);
});

it.each([/a\sb/, /a[\s]b/])('%s has the spaces of JavaScript', (pattern) => {
  expect(goPattern(pattern)).toBe(
    'a[\\t-\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}]b',
  );
});

it.each<[RegExp, string]>([
  [/(?=a)b/, 'Go has no lookaround'],
  [/(?<!a)b/, 'Go has no lookaround'],
  [/(a)\1/, 'Go has no references to groups'],
  [/(?<x>a)\k<x>/, 'Go has no references to groups'],
  [/^a$/m, 'Go has no flag m'],
  [/a/y, 'Go has no flag y'],
  [/[]/, 'Go has no empty class'],
  [/x{1001}/, 'Go has no repetition of more than 1000'],
  [/((a|b{3}){20}){20}/, 'Go has no repetition of more than 1000'],
  [/a{1001,}/, 'Go has no repetition of more than 1000'],
  [/\p{Script=Greek}/u, 'Go has no \\p{Script=Greek}'],
  [new RegExp('\\p{L}'), 'Go has no \\p'],
  [/\ud83d/, 'Go has no half of a character'],
  [/[\ud83d\ude00]/, 'Go has no half of a character'],
  [/[😀]/, 'Go has no half of a character'],
  [/😀+/, 'Go has no half of a character'],
])('%s is refused', (pattern, message) => {
  expect(() => goPattern(pattern)).toThrow(new PatternProblem(message));
});
