import type { Mapping, Tree } from '@dozlab/charts/schema';

/**
 * Reads YAML as simple as most files of sessions are: mappings and lists in lines, with words, whole numbers and quoted texts as values. It
 * takes a fiftieth of the time that all of YAML takes. Whatever is not as simple, or not plainly right, is left to the reader of all of YAML.
 */

/** The beginning of a plain text, what may stand in one, and a whole one: a colon only within a word. */
const FIRST = '[A-Za-z0-9/]';
const INNER = '[A-Za-z0-9_./@+,=()-]';
const REST = `(?:${INNER}|:(?=${INNER}))`;
const PLAIN = `${FIRST}${REST}*(?: +${REST}+)*`;

/** A text in double quotes, in single ones, or in none. */
const SCALAR = `(?:"([^"\\\\]*)"|'([^']*)'|(${PLAIN}))`;
const END = '(?: *| +#.*)$';

/** A key at its column, with or without a value, and a comment behind it. */
const ENTRY = new RegExp(`^( *)([A-Za-z_][A-Za-z0-9_./-]*):(?: +${SCALAR})?${END}`);

/** The dash of an item at its column, and an item that is no mapping. */
const DASH = /^( *)- +(?=[^ ])/;
const ITEM = new RegExp(`^ *${SCALAR}${END}`);

const NOTHING = /^ *(?:#.*)?$/;

/** Longer lines may be keys that are too long. */
const LONGEST_LINE = 1000;

/** A mapping or list whose lines go on, and the column of its keys or dashes. */
interface Level {
  readonly column: number;
  readonly node: Mapping | Tree[];
}

/** What a text says that is one mapping in simple YAML; undefined for any other. */
export function readSimpleYaml(text: string): Mapping | undefined {
  if (!/^[\n\x20-\x7e]*$/.test(text)) return undefined;
  const root: Mapping = {};
  const levels: Level[] = [{ column: 0, node: root }];
  /** The key of the line before, where that has no value yet. */
  let open: string | undefined;
  for (const line of text.split('\n')) {
    if (line.length > LONGEST_LINE && !NOTHING.test(line)) return undefined;
    let entry = ENTRY.exec(line); // most lines are one
    if (entry === null) {
      if (NOTHING.test(line)) continue;
      const dash = DASH.exec(line);
      if (dash === null) return undefined;
      const [start, spaces = ''] = dash;
      const list = listAt(spaces.length, levels, open);
      if (list === undefined) return undefined;
      open = undefined;
      const behind = ' '.repeat(start.length) + line.slice(start.length);
      const item = ITEM.exec(behind);
      if (item !== null) {
        const [, double, single, plain] = item;
        const value = scalarValue(double ?? single, plain);
        if (value === undefined) return undefined;
        list.push(value);
        continue;
      }
      levels.push({ column: start.length, node: mappingIn(list) });
      entry = ENTRY.exec(behind);
      if (entry === null) return undefined;
    }
    const [, spaces = '', key = '', double, single, plain] = entry;
    const mapping = mappingAt(spaces.length, levels, open);
    if (mapping === undefined || key === '__proto__' || Object.hasOwn(mapping, key)) return undefined;
    const value = scalarValue(double ?? single, plain);
    if (value === undefined) return undefined;
    mapping[key] = value;
    open = (double ?? single ?? plain) === undefined ? key : undefined;
  }
  return Object.keys(root).length === 0 ? undefined : root;
}

/** An item that is a mapping. */
function mappingIn(list: Tree[]): Mapping {
  const mapping: Mapping = {};
  list.push(mapping);
  return mapping;
}

/** The mapping that a key at a column belongs to, which may begin with it. */
function mappingAt(column: number, levels: Level[], open: string | undefined): Mapping | undefined {
  let level = levels.at(-1);
  if (level !== undefined && column > level.column && open !== undefined) {
    const mapping: Mapping = {};
    (level.node as Mapping)[open] = mapping;
    levels.push({ column, node: mapping });
    return mapping;
  }
  // A list may have its dashes at the column of the key that it belongs to.
  while (level !== undefined && (column < level.column || (column === level.column && Array.isArray(level.node)))) {
    levels.pop();
    level = levels.at(-1);
  }
  return level?.column === column ? (level.node as Mapping) : undefined;
}

/** The list that a dash at a column belongs to, which may begin with it. */
function listAt(column: number, levels: Level[], open: string | undefined): Tree[] | undefined {
  let level = levels.at(-1);
  if (level !== undefined && column >= level.column && open !== undefined) {
    const list: Tree[] = [];
    (level.node as Mapping)[open] = list;
    levels.push({ column, node: list });
    return list;
  }
  while (level !== undefined && column < level.column) {
    levels.pop();
    level = levels.at(-1);
  }
  return level?.column === column && Array.isArray(level.node) ? level.node : undefined;
}

const WORDS: ReadonlyMap<string, Tree> = new Map<string, Tree>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

const WHOLE = /^(?:0|[1-9][0-9]{0,14})$/;

/** Numbers of other kinds, and other spellings of words. */
const MAY_BE_OTHER = /^(?:[0-9][0-9a-fox.+_-]*|true|false|null)$/i;

/** What stands behind a key or dash: null where nothing does, undefined where it is not plain. */
const scalarValue = (quoted: string | undefined, plain: string | undefined): Tree | undefined =>
  plain === undefined ? (quoted ?? null) : plainValue(plain);

/** What a text without quotes stands for; undefined where that is not plain. */
function plainValue(text: string): Tree | undefined {
  if (WHOLE.test(text)) return Number(text);
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  return MAY_BE_OTHER.test(text) ? undefined : text;
}
