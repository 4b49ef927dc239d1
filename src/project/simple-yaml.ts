import type { Mapping, Tree } from '../schema/tree';

/**
 * Reads YAML as simple as most files of sessions are: mappings in lines, with words, whole numbers and quoted texts as values. It takes a
 * fiftieth of the time that all of YAML takes. Whatever is not as simple, or not plainly right, is left to the reader of all of YAML.
 */

/** The beginning of a plain text, what may stand in one, and a whole one: a colon only within a word. */
const FIRST = '[A-Za-z0-9/]';
const INNER = '[A-Za-z0-9_./@+,=()-]';
const REST = `(?:${INNER}|:(?=${INNER}))`;
const PLAIN = `${FIRST}${REST}*(?: +${REST}+)*`;

/** A key at its column, with or without a value, and a comment behind it. */
const LINE = new RegExp(`^( *)([A-Za-z_][A-Za-z0-9_./-]*):(?: +(?:"([^"\\\\]*)"|'([^']*)'|(${PLAIN})))?(?: *| +#.*)$`);

const NOTHING = /^ *(?:#.*)?$/;

/** Longer lines may be keys that are too long. */
const LONGEST_LINE = 1000;

/** A mapping whose lines go on, and the column of its keys. */
interface Level {
  readonly column: number;
  readonly mapping: Mapping;
}

/** What a text says that is one mapping in simple YAML; undefined for any other. */
export function readSimpleYaml(text: string): Mapping | undefined {
  if (!/^[\n\x20-\x7e]*$/.test(text)) return undefined;
  const root: Mapping = {};
  const levels: Level[] = [{ column: 0, mapping: root }];
  /** The key of the line before, where that has no value yet. */
  let open: string | undefined;
  for (const line of text.split('\n')) {
    if (NOTHING.test(line)) continue;
    const found = line.length > LONGEST_LINE ? null : LINE.exec(line);
    if (found === null) return undefined;
    const [, spaces = '', key = '', double, single, plain] = found;
    const mapping = mappingAt(spaces.length, levels, open);
    if (mapping === undefined || key === '__proto__' || Object.hasOwn(mapping, key)) return undefined;
    const quoted = double ?? single;
    const value = plain === undefined ? (quoted ?? null) : plainValue(plain);
    if (value === undefined) return undefined;
    mapping[key] = value;
    open = plain === undefined && quoted === undefined ? key : undefined;
  }
  return Object.keys(root).length === 0 ? undefined : root;
}

/** The mapping that a key at a column belongs to, which may begin with it. */
function mappingAt(column: number, levels: Level[], open: string | undefined): Mapping | undefined {
  let level = levels.at(-1);
  if (level !== undefined && column > level.column && open !== undefined) {
    const mapping: Mapping = {};
    level.mapping[open] = mapping;
    levels.push({ column, mapping });
    return mapping;
  }
  while (level !== undefined && column < level.column) {
    levels.pop();
    level = levels.at(-1);
  }
  return level?.column === column ? level.mapping : undefined;
}

const WORDS: ReadonlyMap<string, Tree> = new Map<string, Tree>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

const WHOLE = /^(?:0|[1-9][0-9]{0,14})$/;

/** Numbers of other kinds, and other spellings of words. */
const MAY_BE_OTHER = /^(?:[0-9][0-9a-fox.+_-]*|true|false|null)$/i;

/** What a text without quotes stands for; undefined where that is not plain. */
function plainValue(text: string): Tree | undefined {
  if (WHOLE.test(text)) return Number(text);
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  return MAY_BE_OTHER.test(text) ? undefined : text;
}
