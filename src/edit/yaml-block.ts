import { flow, scalar } from '@dozlab/charts/yaml';
import { isMapping, type Mapping, type Tree } from '@dozlab/charts/schema';

/** Entries of a mapping as lines of YAML, the way people write them: mappings in lines, lists in brackets. */
export const blockLines = (entries: Mapping, indent = ''): string[] =>
  Object.entries(entries).flatMap(([key, value]) => {
    const name = `${indent}${scalar(key)}:`;
    return isMapping(value) && Object.keys(value).length > 0
      ? [name, ...blockLines(value, `${indent}  `)]
      : [`${name} ${lineOf(value)}`];
  });

/** A value on the line of its key. */
export const lineOf = (value: Tree): string =>
  typeof value === 'object' && value !== null ? flow(value) : scalar(value);
