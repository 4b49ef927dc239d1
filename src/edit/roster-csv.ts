import { CsvError, parse } from 'csv-parse/sync';
import { type Position, START } from '../core/diagnostics';
import { rosterProblem, type Cell, type CellRow, type RosterCells } from './roster-cells';

const SEPARATORS = [',', ';', '\t'] as const;

interface ParsedRecord {
  readonly record: readonly string[];
  readonly raw: string;
  readonly info: { readonly lines: number };
}

const NOT_CLOSED = 'CSV_QUOTE_NOT_CLOSED';

/** Never quote the text. */
const MALFORMED: Readonly<Record<string, string>> = {
  [NOT_CLOSED]: 'has an unclosed quote',
  CSV_INVALID_CLOSING_QUOTE: 'has text after a closing quote. Fix: double quotes inside quotes ("")',
  INVALID_OPENING_QUOTE: 'has a quote inside text. Fix: quote the whole cell and double this quote ("")',
  CSV_MAX_RECORD_SIZE: 'is too long',
};

const OPEN: readonly string[] = [NOT_CLOSED, 'CSV_MAX_RECORD_SIZE'];

const MOST_IN_ROW = 64 * 1024;

export function csvCells(file: string, text: string): RosterCells {
  // The first line of Excel may name the separator.
  const given = /^sep=(.)\r?\n/.exec(text)?.[1];
  const skipped = given === undefined ? 0 : 1;
  const body = skipped === 0 ? text : text.slice(text.indexOf('\n') + 1);
  const separator = given ?? separatorOf(body);
  let records: ParsedRecord[];
  try {
    records = parse(body, {
      delimiter: separator,
      record_delimiter: ['\r\n', '\n', '\r'],
      raw: true,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: MOST_IN_ROW,
    }) as unknown as ParsedRecord[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const open = OPEN.includes(error.code) ? openQuote(body) : undefined;
    const line = Number(error['lines'] ?? 1) + skipped;
    const place = open === undefined ? { line, column: 1 } : { ...open, line: open.line + skipped };
    const message = MALFORMED[open === undefined ? error.code : NOT_CLOSED];
    return {
      rows: [],
      problems: [rosterProblem(file, place, [], message ?? 'cannot be read as a line of a CSV file')],
    };
  }
  const [header, ...rest] = records.map((record) => placed(record, separator, skipped));
  if (header === undefined)
    return { rows: [], problems: [rosterProblem(file, START, [], 'is empty. Fix: add a header line with the column user')] }; // prettier-ignore
  const names = header.record.map((name) => name.trim());
  const problems = names.flatMap((name, index) => {
    if (name !== '' && names.indexOf(name) < index)
      return [rosterProblem(file, header.locate(index), [], 'is a duplicate column')];
    return [];
  });
  const rows = rest
    .filter(({ record }) => record.some((cell) => cell.trim() !== ''))
    .map(({ record, start, locate }): CellRow & { surplus?: Position } => {
      const cells = new Map<string, Cell>();
      names.forEach((name, index) => {
        if (name !== '' && !cells.has(name))
          cells.set(name, { value: (record[index] ?? '').trim(), locate: () => locate(index) });
      });
      const surplus = record.findIndex((cell, index) => (names[index] ?? '') === '' && cell.trim() !== '');
      return { start, cells, ...(surplus < 0 ? {} : { surplus: locate(surplus) }) };
    });
  for (const { surplus } of rows)
    if (surplus !== undefined)
      problems.push(
        rosterProblem(file, surplus, [], 'is a cell without a column. Fix: put text with separators in double quotes'),
      );
  const headerCells = new Map<string, Cell>();
  names.forEach((name, index) => {
    if (name !== '' && !headerCells.has(name))
      headerCells.set(name, { value: name, locate: () => header.locate(index) });
  });
  return { header: { start: header.start, cells: headerCells }, rows, problems };
}

function separatorOf(text: string): string {
  const header = (/^[^\r\n]*/.exec(text)?.[0] ?? '').replace(/"[^"]*"/g, '');
  const counts = SEPARATORS.map((separator) => header.split(separator).length);
  return SEPARATORS[counts.indexOf(Math.max(...counts))] ?? ',';
}

interface PlacedRecord {
  readonly record: readonly string[];
  readonly start: Position;
  readonly locate: (index: number) => Position;
}

/** The parser gives only a record's last line. */
function placed({ record, raw, info }: ParsedRecord, separator: string, skipped: number): PlacedRecord {
  const text = raw.replace(/^(?:\r\n|\n|\r)+/, '').replace(/(?:\r\n|\n|\r)$/, '');
  const line = info.lines + skipped - linesIn(text);
  return {
    record,
    start: { line, column: 1 },
    locate: (index) => {
      const before = text.slice(0, startOfCell(text, index, separator));
      return { line: line + linesIn(before), column: columnAfter(before) };
    },
  };
}

function openQuote(text: string): Position | undefined {
  const quotes = Array.from(text.matchAll(/"/g), ({ index }) => index);
  const isDoubled = (number: number): boolean => quotes[number + 1] === (quotes[number] ?? 0) + 1;
  let open: number | undefined;
  for (let number = 0; number < quotes.length; number += 1)
    if (open === undefined) open = quotes[number];
    else if (isDoubled(number)) number += 1;
    else open = undefined;
  if (open === undefined) return undefined;
  const before = text.slice(0, open);
  return { line: linesIn(before) + 1, column: columnAfter(before) };
}

const columnAfter = (text: string): number => text.length - Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r'));

const linesIn = (text: string): number => text.match(/\r\n|\n|\r/g)?.length ?? 0;

function startOfCell(text: string, index: number, separator: string): number {
  let cell = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    if (cell === index) return at;
    if (text[at] === '"') isQuoted = !isQuoted;
    else if (text[at] === separator && !isQuoted) cell += 1;
  }
  return text.length;
}
