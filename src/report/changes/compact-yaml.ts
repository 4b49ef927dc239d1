import { isMapping } from '@dozlab/charts/schema';

const WIDTH = 140;

/** Labels and the like. */
const FLAT_WIDTH = 240;

/** YAML for readers: what fits on a line is on one line. */
export const compactYaml = (tree: unknown): string[] => linesOf(tree, '');

function linesOf(tree: unknown, indent: string): string[] {
  if (Array.isArray(tree))
    return tree.flatMap((item: unknown) => {
      const flow = flowOf(item);
      if (isShort(`${indent}- ${flow}`, item)) return [`${indent}- ${flow}`];
      const [first = '', ...rest] = linesOf(item, `${indent}  `);
      return [`${indent}- ${first.slice(indent.length + 2)}`, ...rest];
    });
  if (!isMapping(tree)) return [`${indent}${flowOf(tree)}`];
  return Object.entries(tree).flatMap(([key, child]) => {
    const line = `${indent}${scalar(key)}: ${flowOf(child)}`;
    return isShort(line, child) ? [line] : [`${indent}${scalar(key)}:`, ...linesOf(child, `${indent}  `)];
  });
}

const isScalar = (tree: unknown): boolean => typeof tree !== 'object' || tree === null;

const isFlat = (tree: unknown): boolean => isMapping(tree) && Object.values(tree).every(isScalar);

const isShort = (line: string, tree: unknown): boolean =>
  isScalar(tree) || line.length <= (isFlat(tree) ? FLAT_WIDTH : WIDTH);

function flowOf(tree: unknown): string {
  if (Array.isArray(tree)) return `[${tree.map(flowOf).join(', ')}]`;
  if (!isMapping(tree)) return scalar(tree);
  return `{${Object.entries(tree)
    .map(([key, child]) => `${scalar(key)}: ${flowOf(child)}`)
    .join(', ')}}`;
}

const PLAIN = /^(?!(true|false|null|yes|no|on|off|y|n)$)[A-Za-z/][\w./@-]*(:[\w./@-]+)*$/i;

const scalar = (value: unknown): string =>
  typeof value === 'string' && PLAIN.test(value) ? value : JSON.stringify(value);
