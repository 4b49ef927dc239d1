import type { z } from 'zod';
import { dnsLabel, shortHash } from '../api/values/names';
import { fileName, labelName } from '../api/values/fields';
import { sessionId, userId } from '../api/values/schema';
import { meaningOfName } from '../core/consumers/names';
import { shownValue, shownKey, shownPath } from '../core/redact';
import type { Path, Tree } from '@dozlab/charts/schema';
import type { YamlEdit } from './yaml-edit';
import { Diagnostics, type Position, type Problem, START, placeAt } from '../core/diagnostics';
import { jsonCells, rosterProblem, type Cell, type CellRow } from './roster-cells';
import { csvCells } from './roster-csv';
import { RESERVED_ID } from './session-file';
import { problemWith, typedValue, valuePath } from './set-value';

export interface RosterRow {
  readonly userId: string;
  readonly id: string;
  readonly lab?: string;
  readonly values: readonly YamlEdit[];
  /** By field, such as `spec.lab`. */
  locate(field: string): Position;
}

export interface Roster {
  readonly file: string;
  readonly rows: readonly RosterRow[];
  readonly problems: readonly Problem[];
}

/** JSON by name or first characters, else CSV. */
export function readRoster(file: string, bytes: Uint8Array): Roster {
  const text = textOf(bytes);
  if (text === undefined)
    return refused(file, 'is not text in UTF-8; accepted: CSV in UTF-8 (Excel: "CSV UTF-8"), or JSON');
  const isJson = /\.(json|ya?ml)$/i.test(file) || /^\s*\[\s*[{\]]/.test(text);
  const { header, rows: read, problems: found } = (isJson ? jsonCells : csvCells)(file, text);
  if (read.length === 0 && found.length === 0) return refused(file, 'lists no users. Fix: add a line for each user');
  const diagnostics = new Diagnostics();
  const columns = columnsOf(file, header === undefined ? read : [header], diagnostics);
  const isHeaderWrong = header !== undefined && diagnostics.hasErrors;
  const rows = isHeaderWrong ? [] : read.flatMap((row) => rowOf(file, row, columns, diagnostics) ?? []);
  diagnostics.add([...found, ...duplicates(file, rows)]);
  return { file, rows, problems: diagnostics.problems };
}

const refused = (file: string, message: string): Roster => ({
  file,
  rows: [],
  problems: [rosterProblem(file, START, [], message)],
});

/** UTF-8, or UTF-16 with byte order mark (Excel, "Unicode text"). */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    const mark = Array.from(bytes.slice(0, 2)).join();
    const encoding = mark === '255,254' ? 'utf-16le' : mark === '254,255' ? 'utf-16be' : 'utf-8';
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Undefined after a problem. */
function rowOf(
  file: string,
  { start, cells }: CellRow,
  columns: ReadonlyMap<string, Column>,
  diagnostics: Diagnostics,
): RosterRow | undefined {
  const problems: Problem[] = [];
  const fields: Partial<Record<FieldColumn, Cell>> = {};
  const values: YamlEdit[] = [];
  const places = new Map<string, () => Position>();
  const report = (cell: Cell, path: Path, message: string): void => {
    problems.push(rosterProblem(file, cell.locate(), path, message));
  };
  for (const [name, cell] of cells) {
    const column = columns.get(name);
    if (column === undefined) continue;
    const field = fieldOf(column);
    const [other] = overlapping(places, field) ?? [];
    if (other !== undefined) report(cell, [], `sets ${field}, but the row sets ${other} already`);
    places.set(field, cell.locate);
    if (typeof column === 'string') {
      if (cell.value !== '' && cell.value !== null) fields[column] = cell;
      continue;
    }
    const typed = typedCell(column, cell.value);
    if ('message' in typed) report(cell, column, typed.message);
    else values.push({ path: column, value: typed.value });
  }
  const text = (name: FieldColumn, schema: z.ZodType<string>): string | undefined => {
    const cell = fields[name];
    if (cell === undefined) return undefined;
    const { data, error } = schema.safeParse(cell.value);
    if (error !== undefined)
      report(cell, [name], `is ${shownValue([name], cell.value)}; accepted: ${error.issues[0]?.message ?? ''}`);
    return data;
  };
  const user = text('user', userId());
  const id = text('id', fileName(sessionId()));
  const lab = text('lab', labelName());
  if (fields.user === undefined)
    problems.push(rosterProblem(file, start, [], 'has no user. Fix: fill the column user'));
  if (fields.id !== undefined && id === RESERVED_ID)
    report(fields.id, ['id'], `is ${RESERVED_ID}, the name of the cohort's file. Fix: use another id`);
  diagnostics.add(problems);
  if (problems.length > 0 || user === undefined) return undefined;
  return {
    userId: user,
    id: id ?? idOf(user),
    ...(lab === undefined ? {} : { lab }),
    values,
    locate: (field) => (places.get(field) ?? overlapping(places, field)?.[1])?.() ?? start,
  };
}

/** Undefined if empty. */
function typedCell(path: Path, value: Tree): { readonly value: Tree | undefined } | { readonly message: string } {
  if (value === '' || value === null) return { value: undefined };
  if (typeof value === 'string') return typedValue(path, value);
  const wrong = problemWith(path, value);
  return wrong === undefined ? { value } : { message: wrong };
}

/** Depends on the user alone. */
export function idOf(user: string): string {
  const id = dnsLabel(user);
  return id === RESERVED_ID || meaningOfName(id) !== undefined ? `${id}-${shortHash(user)}` : id;
}

function duplicates(file: string, rows: readonly RosterRow[]): Problem[] {
  const first = new Map<string, RosterRow>();
  return rows.flatMap((row) => {
    const other = first.get(row.id);
    first.set(row.id, other ?? row);
    if (other === undefined) return [];
    const line = String(other.locate('spec.userId').line);
    const message =
      other.userId === row.userId
        ? `has the user and the id ${row.id} of line ${line}. Fix: use another id in the column id`
        : `has the id ${row.id} of line ${line}. Fix: use another id in the column id`;
    return [rosterProblem(file, row.locate('metadata.name'), [], message)];
  });
}

const FIELDS = { user: 'spec.userId', id: 'metadata.name', lab: 'spec.lab' } as const;

type FieldColumn = keyof typeof FIELDS;

type Column = FieldColumn | Path;

const ACCEPTED = 'user, id, lab, or the path of a value such as firecracker.vm.memory';

function columnsOf(file: string, rows: readonly CellRow[], diagnostics: Diagnostics): Map<string, Column> {
  const columns = new Map<string, Column>();
  const refused = new Set<string>();
  for (const { cells } of rows) {
    const names = new Map<string, string>();
    for (const [name, cell] of cells) {
      if (columns.has(name) || refused.has(name)) continue;
      const column = columnOf(name);
      const message = 'message' in column ? column.message : conflictOf(column.column, name, names);
      if (message === undefined && 'column' in column) columns.set(name, column.column);
      else {
        refused.add(name);
        const place = placeAt(file, cell.locate());
        diagnostics.error(place, [], 'wrong-value', `the column ${shownKey(name)} ${message ?? ''}`);
      }
    }
  }
  if (rows.length > 0 && !Array.from(columns.values()).includes('user'))
    diagnostics.error(file, [], 'wrong-value', `has no column user; accepted: ${ACCEPTED}`);
  return columns;
}

const isField = (name: string): name is FieldColumn => Object.hasOwn(FIELDS, name);

function columnOf(name: string): { column: Column } | { message: string } {
  const field = name.toLowerCase();
  if (isField(field)) return { column: field };
  const found = valuePath(name);
  return 'path' in found ? { column: found.path } : { message: `${found.message}; columns: ${ACCEPTED}` };
}

/**
 * Both columns set the same value.
 * @param names adds the column
 */
function conflictOf(column: Column, name: string, names: Map<string, string>): string | undefined {
  const field = fieldOf(column);
  const [otherField, other] = overlapping(names, field) ?? [];
  if (other === undefined) {
    names.set(field, name);
    return undefined;
  }
  return otherField === field
    ? `means the same as ${shownKey(other)}`
    : `and ${shownKey(other)} set the same values. Fix: use one of them`;
}

/** Example: `spec.values.firecracker.vm.memory`. */
const fieldOf = (column: Column): string =>
  typeof column === 'string' ? FIELDS[column] : shownPath(['spec', 'values', ...column]);

/** Also of a child or parent field. */
const overlapping = <T>(fields: ReadonlyMap<string, T>, field: string): [string, T] | undefined =>
  Array.from(fields).find(([other]) => other === field || isInside(other, field) || isInside(field, other));

const isInside = (field: string, outer: string): boolean =>
  field.startsWith(`${outer}.`) || field.startsWith(`${outer}[`);
