/** Text in GitHub's and GitLab's Markdown. */

/** A text as it is: nothing in it is markup, an address or somebody's name. */
export function code(text: string): string {
  const line = text.replace(/\s+/g, ' ').replaceAll('|', '\\|');
  const longest = Math.max(0, ...Array.from(line.matchAll(/`+/g), ([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const isTight = longest === 0 && line !== '' && line.trim() === line;
  return isTight ? `${fence}${line}${fence}` : `${fence} ${line} ${fence}`;
}

/** What stands for emphasis taken out of our own Markdown. */
export const plainText = (markup: string): string => markup.replaceAll('**', '');

/** Lines as a block of code that nothing in it ends. */
export function block(language: string, lines: readonly string[]): string[] {
  const longest = Math.max(2, ...lines.flatMap((line) => Array.from(line.matchAll(/`+/g), ([run]) => run.length)));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}${language}`, ...lines, fence];
}

/** Lines that are shown when somebody wants to see them. The title is markup already. */
export const folded = (title: string, lines: readonly string[]): string[] => [
  '<details>',
  `<summary>${title}</summary>`,
  '',
  ...lines,
  '',
  '</details>',
];

/** A table. Cells are markup already. */
export const markdownTable = (headings: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  `| ${headings.join(' | ')} |`,
  `| ${headings.map(() => '---').join(' | ')} |`,
  ...rows.map((row) => `| ${row.join(' | ')} |`),
];

/** The first of many, and how many more there are. */
export function firstOf<T>(items: readonly T[], most: number): { readonly shown: readonly T[]; readonly more: number } {
  return { shown: items.slice(0, most), more: Math.max(0, items.length - most) };
}
