import type { z } from 'zod';
import { dnsLabel, shortHash } from '../api/values/names';
import { labelName } from '../api/values/fields';
import { sessionId, userId } from '../api/values/schema';
import { shownKey, shownPath, shownValue } from '../core/redact';
import type { Path, Tree } from '@dozlab/charts/schema';
import type { YamlEdit } from './yaml-edit';
import type { Position, Problem } from '../core/diagnostics';
import { csvCells } from './roster-csv';
import { rosterProblem, type Cell, type CellRow } from './roster-cells';
import { jsonCells } from './roster-json';
import { RESERVED_ID } from './session-file';
import { problemWith, typedValue, valuePath } from './set-value';

/** One person of a class, and what is particular to the session. */
export interface RosterRow {
  readonly userId: string;
  readonly id: string;
  readonly lab?: string;
  /** Values by their paths; undefined where the roster has a column and the person nothing in it. */
  readonly values: readonly YamlEdit[];
  /** Where in the roster a field of the session's file comes from: `spec.lab`. */
  locate(field: string): Position;
}

export interface Roster {
  /** Name of the file. */
  readonly file: string;
  readonly rows: readonly RosterRow[];
  readonly problems: readonly Problem[];
}

const START: Position = { line: 1, column: 1 };
const FORM = 'user, id, lab, or the path of a value such as firecracker.vm.memory';

/** Reads a roster: CSV, or JSON if the file is named so or begins so. What is wrong is told all at once. */
export function readRoster(file: string, bytes: Uint8Array): Roster {
  const text = textOf(bytes);
  if (text === undefined)
    return refused(file, 'is not text in UTF-8; accepted: CSV in UTF-8 (Excel: "CSV UTF-8"), or JSON');
  const isJson = /\.(json|ya?ml)$/i.test(file) || /^\s*\[\s*[{\]]/.test(text);
  const { header, rows: read, problems: found } = (isJson ? jsonCells : csvCells)(file, text);
  if (read.length === 0 && found.length === 0) return refused(file, 'lists nobody; accepted: a line for each user');
  const problems = [...found];
  const columns = columnsOf(file, header === undefined ? read : [header], problems);
  const isHeaderWrong = header !== undefined && problems.length > found.length;
  const rows = isHeaderWrong ? [] : read.flatMap((row) => rowOf(file, row, columns, problems) ?? []);
  problems.push(...duplicates(file, rows));
  return { file, rows, problems };
}

const refused = (file: string, message: string): Roster => ({
  file,
  rows: [],
  problems: [rosterProblem(file, START, [], message)],
});

/** Text in UTF-8 or, as Excel's "Unicode text", in UTF-16 with its mark; without the mark. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    const mark = Array.from(bytes.slice(0, 2)).join();
    const encoding = mark === '255,254' ? 'utf-16le' : mark === '254,255' ? 'utf-16be' : 'utf-8';
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

type Column = 'user' | 'id' | 'lab' | Path;

/** What the columns mean. Of one that means nothing, the first place is told. */
function columnsOf(file: string, rows: readonly CellRow[], problems: Problem[]): Map<string, Column> {
  const columns = new Map<string, Column>();
  const told = new Set<string>();
  for (const { cells } of rows) {
    const taken = new Map<string, string>();
    for (const [name, cell] of cells) {
      if (columns.has(name) || told.has(name)) continue;
      const column = columnOf(name);
      const wrong = 'message' in column ? column.message : sameAs(column.column, name, taken);
      if (wrong === undefined && 'column' in column) columns.set(name, column.column);
      else {
        told.add(name);
        problems.push(rosterProblem(file, cell.locate(), [], `the column ${shownKey(name)} ${wrong ?? ''}`));
      }
    }
  }
  if (rows.length > 0 && !Array.from(columns.values()).includes('user'))
    problems.push(rosterProblem(file, START, [], `has no column user; accepted: ${FORM}`));
  return columns;
}

function columnOf(name: string): { column: Column } | { message: string } {
  const simple = name.toLowerCase();
  if (simple === 'user' || simple === 'id' || simple === 'lab') return { column: simple };
  const found = valuePath(name);
  return 'path' in found ? { column: found.path } : { message: `${found.message}; columns: ${FORM}` };
}

/** What is wrong with a column beside others: each value has one column, or which one holds would be chance. */
function sameAs(column: Column, name: string, taken: Map<string, string>): string | undefined {
  const key = fieldOf(column);
  const [otherKey, other] = overlapping(taken, key) ?? [];
  if (other === undefined) {
    taken.set(key, name);
    return undefined;
  }
  return otherKey === key
    ? `means the same as ${shownKey(other)}`
    : `and ${shownKey(other)} set the same values; accepted: one of them`;
}

/** The field of a session's file that a column sets. */
const fieldOf = (column: Column): string =>
  typeof column === 'string' ? FIELDS[column] : shownPath(['spec', 'values', ...column]);

/** What is kept for a field, or for one that is inside or around of it. */
const overlapping = <T>(kept: ReadonlyMap<string, T>, field: string): [string, T] | undefined =>
  Array.from(kept).find(([other]) => other === field || isInside(other, field) || isInside(field, other));

const isInside = (field: string, around: string): boolean =>
  field.startsWith(`${around}.`) || field.startsWith(`${around}[`);

/** What a row says; undefined when something in it is wrong, which is told. */
function rowOf(
  file: string,
  { start, cells }: CellRow,
  columns: ReadonlyMap<string, Column>,
  problems: Problem[],
): RosterRow | undefined {
  const before = problems.length;
  const fields: Partial<Record<'user' | 'id' | 'lab', Cell>> = {};
  const values: YamlEdit[] = [];
  const places = new Map<string, () => Position>();
  const wrong = (cell: Cell, path: Path, message: string): void => {
    problems.push(rosterProblem(file, cell.locate(), path, message));
  };
  for (const [name, cell] of cells) {
    const column = columns.get(name);
    if (column === undefined) continue;
    const field = fieldOf(column);
    const [other] = overlapping(places, field) ?? [];
    if (other !== undefined) wrong(cell, [], `sets ${field}, but the row sets ${other} already`);
    places.set(field, cell.locate);
    if (typeof column === 'string') {
      if (cell.value !== '' && cell.value !== null) fields[column] = cell;
      continue;
    }
    const typed = typedCell(column, cell.value);
    if ('message' in typed) wrong(cell, column, typed.message);
    else values.push({ path: column, value: typed.value });
  }
  const text = (name: 'user' | 'id' | 'lab', schema: z.ZodType<string>): string | undefined => {
    const cell = fields[name];
    if (cell === undefined) return undefined;
    const { data, error } = schema.safeParse(cell.value);
    if (error !== undefined)
      wrong(cell, [name], `is ${shownValue([name], cell.value)}; accepted: ${error.issues[0]?.message ?? ''}`);
    return data;
  };
  const user = text('user', userId());
  const id = text('id', sessionId());
  const lab = text('lab', labelName());
  if (fields.user === undefined)
    problems.push(rosterProblem(file, start, [], 'names no user; accepted: text in the column user'));
  if (fields.id !== undefined && id === RESERVED_ID)
    wrong(fields.id, ['id'], `is ${RESERVED_ID}, the name of the cohort's file; accepted: another id`);
  if (problems.length > before || user === undefined) return undefined;
  return {
    userId: user,
    id: id ?? idOf(user),
    ...(lab === undefined ? {} : { lab }),
    values,
    locate: (field) => (places.get(field) ?? overlapping(places, field)?.[1])?.() ?? start,
  };
}

const FIELDS = { user: 'spec.userId', id: 'metadata.name', lab: 'spec.lab' } as const;

/** A cell as a value; nothing in it means that the session sets none of its own. */
function typedCell(path: Path, value: Tree): { readonly value: Tree | undefined } | { readonly message: string } {
  if (value === '' || value === null) return { value: undefined };
  if (typeof value === 'string') return typedValue(path, value);
  const wrong = problemWith(path, value);
  return wrong === undefined ? { value } : { message: wrong };
}

/** The id of a user's session when the roster gives none: the same whenever and wherever it is made. */
export const idOf = (user: string): string =>
  dnsLabel(user) === RESERVED_ID ? `${RESERVED_ID}-${shortHash(user)}` : dnsLabel(user);

/** Rows that would be one session. */
function duplicates(file: string, rows: readonly RosterRow[]): Problem[] {
  const first = new Map<string, RosterRow>();
  return rows.flatMap((row) => {
    const other = first.get(row.id);
    first.set(row.id, other ?? row);
    if (other === undefined) return [];
    const line = String(other.locate('spec.userId').line);
    const message =
      other.userId === row.userId
        ? `is for the same user as line ${line}, with the same id ${row.id}; accepted: another id in the column id`
        : `gives the id ${row.id}, as line ${line} does; accepted: another id in the column id`;
    return [rosterProblem(file, row.locate('metadata.name'), [], message)];
  });
}
