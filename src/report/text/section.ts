import { code, firstOf, markdownTable } from './markdown-text';

/** What the parts of a report in Markdown are made of. */

/** Rows of a table and names in a sentence that are shown; more are counted. */
export const MOST_ROWS = 20;
export const MOST_NAMES = 5;

/** A number as people read it: `10,000`. */
export const numberText = (number: number): string => new Intl.NumberFormat('en-US').format(number);

export const plural = (number: number, noun: string): string =>
  `${numberText(number)} ${noun}${number === 1 ? '' : 's'}`;

/** A table of the first rows, with the number of the others below it. */
export function shortTable(headings: readonly string[], rows: readonly (readonly string[])[], noun: string): string[] {
  const { shown, more } = firstOf(rows, MOST_ROWS);
  const isUsed = (_: string, column: number): boolean => shown.some((row) => row[column] !== '');
  const columns = shown.map((row) => row.filter((cell, column) => isUsed(cell, column)));
  return [
    ...markdownTable(headings.filter(isUsed), columns),
    ...(more === 0 ? [] : ['', `… and ${plural(more, `more ${noun}`)}.`]),
  ];
}

export function names(all: readonly string[], most = MOST_NAMES): string {
  const { shown, more } = firstOf(all, most);
  const list = shown.map(code).join(', ');
  return more === 0 ? list : `${list} and ${numberText(more)} more`;
}

export const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [`### ${title}`, '', ...lines, ''];
