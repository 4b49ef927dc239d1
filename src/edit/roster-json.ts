import { isMapping, leaves, type Mapping, type Path, pathText } from '@dozlab/charts/schema';
import { rosterProblem, type Cell, type CellRow, type RosterCells } from './roster-cells';
import { readYaml, type YamlFile } from '../source/yaml';

/** Lists of people in JSON (or YAML): `[{"user": "alice", "values": {"firecracker": {"vm": {"memory": 4096}}}}]`. */
export function jsonCells(file: string, text: string): RosterCells {
  const read = readYaml(file, text);
  if (Array.isArray(read)) return { rows: [], problems: read };
  const { content } = read;
  const wrong = (path: Path, message: string) => rosterProblem(file, read.locate(path), [], message);
  if (!Array.isArray(content))
    return { rows: [], problems: [wrong([], 'is not a list; accepted: [{"user": "alice"}, …]')] };
  const items = content as unknown[];
  return {
    rows: items.flatMap((item, index) => (isMapping(item) ? [rowOf(read, item, index)] : [])),
    problems: items.flatMap((item, index) =>
      isMapping(item) ? [] : [wrong([index], 'is not a mapping; accepted: {"user": "alice"}')],
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
