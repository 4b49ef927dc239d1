import { isMapping, leaves, type Mapping, type Path, pathText, type Tree } from '@dozlab/charts/schema';
import { Diagnostics, placeAt, type Position, type Problem, problemIn } from '../core/diagnostics';
import { readYaml, type YamlFile } from '../source/yaml';

export interface RosterCells {
  readonly header?: CellRow;
  readonly rows: readonly CellRow[];
  readonly problems: readonly Problem[];
}

/** Empty cells are present; missing columns are not. */
export interface CellRow {
  readonly start: Position;
  readonly cells: ReadonlyMap<string, Cell>;
}

export interface Cell {
  readonly value: Tree;
  /** Lazy: most cells have no problem. */
  readonly locate: () => Position;
}

/** @param path empty unless the column is a value */
export const rosterProblem = (file: string, position: Position, path: Path, message: string): Problem =>
  problemIn(placeAt(file, position), { severity: 'error', code: 'wrong-value', path, message });

/** JSON or YAML: `[{"user": "alice", "values": {"firecracker": {"vm": {"memory": 4096}}}}]`. */
export function jsonCells(file: string, text: string): RosterCells {
  const diagnostics = new Diagnostics();
  const read = readYaml(file, text, diagnostics);
  if (read === undefined) return { rows: [], problems: diagnostics.problems };
  const { content } = read;
  const problem = (path: Path, message: string) => rosterProblem(file, read.locate(path), [], message);
  if (!Array.isArray(content))
    return { rows: [], problems: [problem([], 'is not a list; accepted: [{"user": "alice"}, …]')] };
  const items = content as unknown[];
  return {
    rows: items.flatMap((item, index) => (isMapping(item) ? [rowOf(read, item, index)] : [])),
    problems: items.flatMap((item, index) =>
      isMapping(item) ? [] : [problem([index], 'is not a mapping; accepted: {"user": "alice"}')],
    ),
  };
}

function rowOf(read: YamlFile, item: Mapping, index: number): CellRow {
  const cells = new Map<string, Cell>();
  for (const [path, value] of Object.entries(item).flatMap(([key, child]) =>
    key === 'values' && isMapping(child) ? leaves(child, [key]) : [[[key], child] as const],
  ))
    cells.set(path.length === 1 ? String(path[0]) : pathText(path), {
      value,
      locate: () => read.locate([index, ...path]),
    });
  return { start: read.locate([index]), cells };
}
