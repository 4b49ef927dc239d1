/** More than this are counted rather than listed. */
export const LISTED = 20;

/** The first of many lines, and how many more there are. */
export const listed = (lines: readonly string[]): string[] =>
  lines.length <= LISTED ? [...lines] : [...lines.slice(0, LISTED), `and ${String(lines.length - LISTED)} more`];
