import type { Path, Tree } from '@dozlab/charts/schema';
import { problemAt, type Position, type Problem } from '../core/diagnostics';

/** A list of people as it was read, whatever its form. */
export interface RosterCells {
  /** The line with the names of the columns, if the form has one. */
  readonly header?: CellRow;
  readonly rows: readonly CellRow[];
  readonly problems: readonly Problem[];
}

/** What a list says of one person, by column. Cells that are empty are there; columns that are not, are not. */
export interface CellRow {
  readonly start: Position;
  readonly cells: ReadonlyMap<string, Cell>;
}

export interface Cell {
  readonly value: Tree;
  /** Where it stands; found only when somebody asks. */
  readonly locate: () => Position;
}

/** Something to say of a list, at a place in it. `path` is the column, as far as it is one of the values. */
export const rosterProblem = (file: string, position: Position, path: Path, message: string): Problem =>
  problemAt('error', 'wrong-value', file, position, path, message);
