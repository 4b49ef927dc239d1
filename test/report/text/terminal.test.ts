import { plainLines } from '../../../src/report/text/terminal';
import { code, shortTable, titledSection } from '../../../src/report/text/markdown-text';

const HOSTILE = ['**x**', '`a`', '``', 'a | b', '\\|', '<b>', '_x_', '| --- |', '# x', '```', 'ends with \\'];

test('plainLines removes markup, and keeps texts of users', () => {
  const lines = titledSection('Users', [
    ...shortTable(
      ['user', 'count'],
      HOSTILE.map((text) => [code(text), '1']),
      'user',
    ),
    '',
    `**bold** ${code('**not**')} and \\_escaped\\_ \\\`too\\\``,
  ]);
  const plain = plainLines(lines);
  expect(plain[0]).toBe('Users');
  expect(plain[2]).toMatch(/^ {2}USER +COUNT$/);
  expect(plain.slice(3, 3 + HOSTILE.length).map((line) => line.slice(2).replace(/ +1$/, ''))).toEqual(HOSTILE);
  expect(plain.at(-2)).toBe('bold **not** and _escaped_ `too`');
});

test('plainLines indents blocks, and removes control characters', () => {
  expect(
    plainLines(['<details>', '<summary>a</summary>', '', '```text', '**x** \u001b[31m', '```', '</details>']),
  ).toEqual(['a', '', '  **x** �[31m']);
});
