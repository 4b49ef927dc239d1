import { shownKey, shownPath } from '../core/redact';
import type { Path } from '@dozlab/charts/schema';
import { type Diagnostics, placeAt } from '../core/diagnostics';
import type { CellRow } from './roster-cells';
import { valuePath } from './set-value';

const FIELDS = { user: 'spec.userId', id: 'metadata.name', lab: 'spec.lab' } as const;

export type FieldColumn = keyof typeof FIELDS;

export type Column = FieldColumn | Path;

const ACCEPTED = 'user, id, lab, or the path of a value such as firecracker.vm.memory';

export function columnsOf(file: string, rows: readonly CellRow[], diagnostics: Diagnostics): Map<string, Column> {
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
export const fieldOf = (column: Column): string =>
  typeof column === 'string' ? FIELDS[column] : shownPath(['spec', 'values', ...column]);

/** Also of a child or parent field. */
export const overlapping = <T>(fields: ReadonlyMap<string, T>, field: string): [string, T] | undefined =>
  Array.from(fields).find(([other]) => other === field || isInside(other, field) || isInside(field, other));

const isInside = (field: string, outer: string): boolean =>
  field.startsWith(`${outer}.`) || field.startsWith(`${outer}[`);
