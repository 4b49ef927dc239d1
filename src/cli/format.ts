import Table from 'cli-table3';

const SIDES = ['top', 'bottom', 'left', 'right', 'mid'] as const;
const NO_LINES = Object.fromEntries(
  [
    ...SIDES.flatMap((side) => [side, `${side}-mid`]),
    'top-left',
    'top-right',
    'bottom-left',
    'bottom-right',
    'left-mid',
    'right-mid',
    'mid-mid',
    'middle',
  ].map((name) => [name, '']),
);

export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const printed = new Table({
    head: [...headings],
    chars: NO_LINES,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 3 },
  });
  printed.push(...rows.map((row) => [...row]));
  return printed
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
}

export const MOST_LISTED = 20;

export const firstLines = (lines: readonly string[]): string[] =>
  lines.length <= MOST_LISTED
    ? [...lines]
    : [...lines.slice(0, MOST_LISTED), `and ${String(lines.length - MOST_LISTED)} more`];
