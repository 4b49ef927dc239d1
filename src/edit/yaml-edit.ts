import { isDeepStrictEqual } from 'node:util';
import { parseDocument, type Document } from 'yaml';
import { at, isMapping, type Path, type Tree } from '@dozlab/charts/schema';
import { Candidates } from './yaml-candidates';
import { commentsIn } from './yaml-text';

/** Undefined removes the value and empty parents. */
export interface YamlEdit {
  readonly path: Path;
  readonly value: Tree | undefined;
}

/**
 * Preserves comments, key order, quoting and line ends.
 * @param order of new keys
 * @returns undefined if an anchor shares the value, or a comment is inside brackets
 */
export function editedYaml(
  text: string,
  edits: readonly YamlEdit[],
  order: readonly string[] = [],
): string | undefined {
  return edits.reduce<string | undefined>(
    (now, edit) => (now === undefined ? undefined : edited(now, edit, order)),
    text,
  );
}

/** Takes the first that parses to the wanted content with the same comments. */
function edited(text: string, { path, value }: YamlEdit, order: readonly string[]): string | undefined {
  const document = parseDocument(text, OPTIONS);
  const before = contentOf(document);
  if (value === undefined && at(before, path) === undefined) return text;
  const wanted = changedContent(before, path, value);
  if (wanted === undefined) return undefined;
  if (isDeepStrictEqual(before, wanted)) return text;
  const all = new Candidates(text, document, order);
  const candidates = value === undefined ? all.without(removedPath(before, path)) : all.withValue(path, value);
  const comments = commentsIn(text).map((comment) => comment.text);
  return candidates.find((candidate) => {
    const read = parseDocument(candidate, OPTIONS);
    return (
      read.errors.length === 0 &&
      isDeepStrictEqual(contentOf(read), wanted) &&
      isDeepStrictEqual(
        commentsIn(candidate).map((comment) => comment.text),
        comments,
      )
    );
  });
}

const OPTIONS = { version: '1.2', uniqueKeys: false, logLevel: 'silent', prettyErrors: false } as const;

const contentOf = (document: Document): unknown => copied(document.toJS({ maxAliasCount: 100 }));

/** Anchors make parts shared. */
function copied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copied);
  if (!isMapping(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, copied(child)]));
}

function changedContent(content: unknown, [step, ...rest]: Path, value: Tree | undefined): unknown {
  if (step === undefined) return value;
  if (typeof step === 'number') {
    if (!Array.isArray(content) || step >= content.length || (value === undefined && rest.length === 0))
      return undefined;
    const item = changedContent(content[step], rest, value);
    return item === undefined ? undefined : content.map((each: unknown, index) => (index === step ? item : each));
  }
  if (content !== undefined && content !== null && !isMapping(content)) return undefined;
  const entries = Object.entries(content ?? {});
  const old = at(content, [step]);
  const child = changedContent(old, rest, value);
  const isEmptied = value === undefined && (rest.length === 0 || isEmpty(child));
  if (child === undefined && !isEmptied) return undefined;
  if (isEmptied) return Object.fromEntries(entries.filter(([key]) => key !== step));
  return Object.fromEntries(
    old === undefined
      ? [...entries, [step, child]]
      : entries.map(([key, each]): [string, unknown] => [key, key === step ? child : each]),
  );
}

const isEmpty = (value: unknown): boolean => isMapping(value) && Object.keys(value).length === 0;

/** Includes parents that removal would empty. */
function removedPath(content: unknown, path: Path): Path {
  const parent = path.slice(0, -1);
  const around = at(content, parent);
  const isAlone = isMapping(around) && Object.keys(around).length === 1;
  return isAlone && typeof parent.at(-1) === 'string' ? removedPath(content, parent) : path;
}
