/** Allows no markup, link or mention. */
export function code(text: string): string {
  const line = text.replace(/\s+/g, ' ').replaceAll('|', '\\|');
  const longest = Math.max(0, ...Array.from(line.matchAll(/`+/g), ([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const isTight = longest === 0 && line !== '' && line.trim() === line;
  return isTight ? `${fence}${line}${fence}` : `${fence} ${line} ${fence}`;
}

/** For places where GitHub reads HTML. */
export const htmlCode = (text: string): string =>
  `<code>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')}</code>`;

export function block(language: string, lines: readonly string[]): string[] {
  const longest = Math.max(2, ...lines.flatMap((line) => Array.from(line.matchAll(/`+/g), ([run]) => run.length)));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}${language}`, ...lines, fence];
}

export const folded = (title: string, lines: readonly string[]): string[] => [
  '<details>',
  `<summary>${title}</summary>`,
  '',
  ...lines,
  '',
  '</details>',
];

export const markdownTable = (headings: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  `| ${headings.join(' | ')} |`,
  `| ${headings.map(() => '---').join(' | ')} |`,
  ...rows.map((row) => `| ${row.join(' | ')} |`),
];

export function firstOf<T>(items: readonly T[], most: number): { readonly shown: readonly T[]; readonly more: number } {
  return { shown: items.slice(0, most), more: Math.max(0, items.length - most) };
}

export const MOST_ROWS = 20;
export const MOST_NAMES = 5;

export const numberText = (number: number): string => new Intl.NumberFormat('en-US').format(number);

export const countText = (number: number, noun: string): string =>
  `${numberText(number)} ${noun}${number === 1 ? '' : 's'}`;

/** Without empty columns. */
export function shortTable(headings: readonly string[], rows: readonly (readonly string[])[], noun: string): string[] {
  const { shown, more } = firstOf(rows, MOST_ROWS);
  const isUsed = (_: string, column: number): boolean => shown.some((row) => row[column] !== '');
  const columns = shown.map((row) => row.filter((cell, column) => isUsed(cell, column)));
  return [
    ...markdownTable(headings.filter(isUsed), columns),
    ...(more === 0 ? [] : ['', `… and ${countText(more, `more ${noun}`)}.`]),
  ];
}

export function nameList(all: readonly string[], most = MOST_NAMES): string {
  const { shown, more } = firstOf(all, most);
  const list = shown.map(code).join(', ');
  return more === 0 ? list : `${list} and ${numberText(more)} more`;
}

export const titledSection = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [`### ${title}`, '', ...lines, ''];

/** Names of volumes; those of users may have any name. */
export const contents = (all: readonly string[]): string =>
  all.map((each) => (/^[A-Za-z -]+$/.test(each) ? each : code(each))).join(', ');
