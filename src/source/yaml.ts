import {
  LineCounter,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  parseAllDocuments,
  visit,
  type Document,
  type Node,
  type Pair,
  type YAMLError,
  type YAMLMap,
} from 'yaml';
import type { Path } from '@dozlab/charts/schema';
import { type Diagnostics, placeAt, type Position, START } from '../core/diagnostics';

export interface YamlFile {
  readonly path: string;
  readonly content: unknown;
  readonly text: string;
  /** Byte order mark. @default none */
  readonly mark?: string;
  /** With `key`, of the key; if missing, of the nearest parent. */
  readonly locate: (path: Path, key?: boolean) => Position;
}

/** Never quote the text, which may be a secret. */
const MALFORMED: Partial<Record<YAMLError['code'], string>> = {
  ALIAS_PROPS: 'an alias (*name) cannot have an anchor or a tag',
  BAD_ALIAS: 'there is no anchor (&name) for this alias (*name); put text that begins with * in quotes',
  BAD_DIRECTIVE: 'text that begins with % must be in quotes',
  BAD_DQ_ESCAPE: 'double quotes do not allow this escape (\\)',
  BAD_INDENT: 'the indentation does not fit what is around it',
  BAD_SCALAR_START: 'text cannot begin with this character without quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a mapping or list cannot begin on this line; check the indentation and the colons',
  BLOCK_IN_FLOW: 'a mapping or list of lines cannot be inside brackets',
  DUPLICATE_KEY: 'this key is there already',
  IMPOSSIBLE: 'this cannot be read',
  KEY_OVER_1024_CHARS: 'a key cannot be longer than 1024 characters',
  MISSING_CHAR: 'a character is missing here: a quote, a bracket, a comma, a colon, or the space after it',
  MULTILINE_IMPLICIT_KEY: 'a key must be on one line; check the line above for a missing colon or quote',
  MULTIPLE_ANCHORS: 'there is an anchor already',
  MULTIPLE_DOCS: 'only one document may be in a file',
  MULTIPLE_TAGS: 'there is a tag already',
  BAD_COLLECTION_TYPE: 'this tag does not go with a mapping or list',
  BAD_PROP_ORDER: 'an anchor or tag must be in front of what it is for',
  NON_STRING_KEY: 'a mapping or list cannot be a key',
  RESOURCE_EXHAUSTION: 'it is nested too deeply',
  TAB_AS_INDENT: 'indent with spaces, not tabs',
  TAG_RESOLVE_FAILED: 'there is no such tag (!name); put text that begins with ! in quotes',
  UNEXPECTED_TOKEN: 'this does not belong here; check the indentation and the quotes',
};

export const readYaml = (path: string, text: string, diagnostics: Diagnostics): YamlFile | undefined =>
  read(path, text, diagnostics, true)?.[0];

export type Preparation = (document: Document) => readonly Fault[];

/** A problem in one document leaves no content of any. */
export const readYamlDocuments = (
  path: string,
  text: string,
  diagnostics: Diagnostics,
  prepare?: Preparation,
): readonly YamlFile[] | undefined => read(path, text, diagnostics, false, prepare);

function read(
  path: string,
  text: string,
  diagnostics: Diagnostics,
  isOne: boolean,
  prepare: Preparation = () => [],
): YamlFile[] | undefined {
  const counter = new LineCounter();
  const malformed = (position: Position, message: string): undefined => {
    diagnostics.error(placeAt(path, position), [], 'malformed', `is not well-formed YAML: ${message}`);
  };
  try {
    const documents = parseAllDocuments(text, {
      lineCounter: counter,
      prettyErrors: false,
      strict: true,
      stringKeys: true,
      uniqueKeys: false, // it compares every two keys; faultsOf is faster
      version: '1.2',
      logLevel: 'silent',
    });
    const found = Array.isArray(documents) ? documents : [];
    const [first, second] = found;
    if (first === undefined) return malformed(START, 'the file is empty');
    if (isOne && second !== undefined)
      return malformed(positionOf(counter, second.range[0]), 'only one document may be in a file');
    const errors = found
      .flatMap((document) => [...document.errors, ...document.warnings])
      .map(({ code, pos }) => ({
        // Where the parser gives up depends on the depth of the stack.
        offset: code === 'RESOURCE_EXHAUSTION' ? 0 : pos[0],
        message: MALFORMED[code] ?? 'this cannot be read',
      }));
    const faults = [...errors, ...found.flatMap(faultsOf)].slice(0, MOST_ERRORS);
    for (const { offset, message } of faults) malformed(positionOf(counter, offset), message);
    if (faults.length > 0) return undefined;
    const missing = found.flatMap((document) => prepare(document));
    for (const { offset, message } of missing)
      diagnostics.error(placeAt(path, positionOf(counter, offset)), [], 'missing', message);
    if (missing.length > 0) return undefined;
    return found.map((document) => ({
      path,
      text,
      content: document.toJS({ maxAliasCount: 100 }) as unknown,
      locate: (at, key) => locate(document, counter, at, key),
    }));
  } catch (error) {
    if (error instanceof RangeError) return malformed(START, 'it is nested too deeply');
    if (error instanceof ReferenceError)
      return malformed(START, 'its aliases (*name) make too much of its anchors (&name)');
    throw error;
  }
}

const positionOf = (counter: LineCounter, offset: number): Position => {
  const { line, col } = counter.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
};

/** One error causes more behind it. */
const MOST_ERRORS = 20;

export interface Fault {
  readonly offset: number;
  readonly message: string;
}

/** The parser accepts duplicate keys, and aliases without an anchor. */
function faultsOf(document: Document): Fault[] {
  const faults: Fault[] = [];
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document) === undefined)
        faults.push({ offset: alias.range?.[0] ?? 0, message: MALFORMED.BAD_ALIAS ?? '' });
    },
    Scalar(_, scalar) {
      if (typeof scalar.value === 'number' && /^[-+]?0[0-9]/.test(scalar.source ?? '')) {
        const message =
          'a number with a leading zero is another one to other readers; leave out the zeros, or put it in quotes';
        faults.push({ offset: scalar.range?.[0] ?? 0, message });
      }
    },
    Map(_, map) {
      const seen = new Set<unknown>();
      for (const { key } of map.items) {
        const name = isScalar(key) ? key.value : key;
        const offset = (key as Node | null)?.range?.[0] ?? 0;
        if (seen.has(name)) faults.push({ offset, message: 'this key is there already' });
        if (name === '__proto__') faults.push({ offset, message: 'this cannot be a key' });
        seen.add(name);
      }
    },
  });
  return faults.sort((one, other) => one.offset - other.offset);
}

function locate(document: Document, counter: LineCounter, path: Path, key = false): Position {
  let node: unknown = document.contents;
  let offset = document.contents?.range?.[0] ?? 0;
  for (const [index, step] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    const next = isMap(node) ? pairOf(node, step) : isSeq(node) ? node.items[Number(step)] : undefined;
    if (next === undefined) return positionOf(counter, offset);
    const isKey = isPair(next) && ((key && index === path.length - 1) || !hasText(next.value));
    const place = isPair(next) ? (isKey ? next.key : next.value) : next;
    offset = (place as Node | null)?.range?.[0] ?? offset;
    node = isPair(next) ? next.value : next;
  }
  return positionOf(counter, offset);
}

const pairs = new WeakMap<YAMLMap, Map<unknown, Pair>>();

function pairOf(map: YAMLMap, step: string | number): Pair | undefined {
  let index = pairs.get(map);
  if (index === undefined) {
    index = new Map(map.items.map((pair) => [isScalar(pair.key) ? pair.key.value : undefined, pair]));
    pairs.set(map, index);
  }
  return index.get(step);
}

const hasText = (node: unknown): boolean =>
  isMap(node) || isSeq(node) || isAlias(node) || (isScalar(node) && node.source !== '');
