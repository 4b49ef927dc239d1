import { withoutControls } from '../../core/text';
import type { Report } from '../changes/report';
import { reportSections } from './sections';
import { summaryLines } from './summary';

/** The report without markup, manifests and picture. */
export function terminalText(report: Report): string {
  const sections = report.errors.length > 0 ? [] : reportSections(report).flat();
  return plainLines([...summaryLines(report), ...sections])
    .filter((line, index, all) => line !== '' || all[index - 1] !== '')
    .join('\n')
    .trimEnd();
}

/** @param markup Dozlab's own Markdown */
export function plainLines(markup: readonly string[]): string[] {
  const lines: string[] = [];
  let rows: string[][] = [];
  let fence: string | undefined;
  for (const line of [...markup, '']) {
    if (fence === undefined && line.startsWith('| ')) {
      rows.push(cellsOf(line));
      continue;
    }
    lines.push(...alignedRows(rows));
    rows = [];
    const [found] = /^`{3,}/.exec(line) ?? [];
    if (fence !== undefined) {
      if (line === fence) fence = undefined;
      else lines.push(`  ${withoutControls(line)}`);
    } else if (found !== undefined) fence = found;
    else if (!/^<\/?details>$/.test(line)) lines.push(plainLine(line));
  }
  return lines.slice(0, -1);
}

const plainLine = (line: string): string => plain(line.replace(/^#+ /, '').replace(/^<summary>(.*)<\/summary>$/, '$1'));

/** An escaped character, or code. */
const SPAN = /\\([<>@*_`[\]\\])|(`+)(?!`)(.*?)(?<!`)\2(?!`)/g;

/** Markup is outside code, texts of users are inside. */
function plain(line: string): string {
  let text = '';
  let end = 0;
  for (const { 0: span, 1: escaped, 3: code = '', index } of line.matchAll(SPAN)) {
    const content = escaped ?? (/^ .* $/.test(code) ? code.slice(1, -1) : code).replaceAll('\\|', '|');
    text += withoutMarks(line.slice(end, index)) + content;
    end = index + span.length;
  }
  return withoutControls(text + withoutMarks(line.slice(end)));
}

const withoutMarks = (text: string): string => text.replaceAll('**', '').replace(/^_|_$/g, '');

const cellsOf = (row: string): string[] => row.slice('| '.length, -' |'.length).split(' | ');

function alignedRows(rows: readonly (readonly string[])[]): string[] {
  const shown = rows
    .filter((row) => row.some((cell) => cell !== '---'))
    .map((row) => row.map((cell) => plain(cell.trim())));
  const widths = (shown[0] ?? []).map((_, column) =>
    Math.max(...shown.map((row) => Array.from(row[column] ?? '').length)),
  );
  return shown.map((row, index) =>
    `  ${row.map((cell, column) => pad(index === 0 ? cell.toUpperCase() : cell, widths[column] ?? 0)).join('   ')}`.trimEnd(),
  );
}

const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - Array.from(text).length));
