import { at } from '@dozlab/charts/schema';
import { IDENTITY_FIELDS, type IdentityField, type SessionIdentity } from '../api/session-identity';
import type { YamlFile } from './yaml';

/** The text of a session's file in two parts, from which `joinSessionText` makes the text again. */
export interface SessionText {
  /** The text with a hole in place of each field of the identity: the same for all sessions of a class. */
  readonly classText: string;
  readonly identity: SessionIdentity;
}

const HOLE = '\0';

/**
 * Characters that could give a line another meaning: control and format characters, such as tabs, carriage returns and byte order marks, other
 * line ends, and those of anchors, aliases and tags.
 */
const UNSAFE = /[&*!\u2028\u2029]|[^\n\P{C}]/u;

/** Words that mean the same in any context of YAML. Text without quotes may hold a colon only within a word. */
const WORD = "[\\p{L}\\p{M}\\p{N}_./@+=()'-]";
const PLAIN = `[\\p{L}\\p{N}/](?:${WORD}|:(?=${WORD}))*(?: +[\\p{L}\\p{N}_/@](?:${WORD}|:(?=${WORD}))*)*`;

/** A whole line of `metadata` or `spec` with a field of the identity. */
const FIELD = new RegExp(
  `^(  (name|userId|expiresAt|suspended): )(?:"([^"\\\\\\n]*)"|'([^'\\n]*)'|(${PLAIN}))$`,
  'gmu',
);

/** Text without quotes that YAML 1.2 reads as something else than text. */
const OTHER_TYPE = /^(?:null|true|false|0[ox][0-9a-f]+|[0-9]+\.?[0-9]*(?:e[-+]?[0-9]+)?)$/i;

/**
 * Splits the text of a session's file. Undefined for a text that must be read by itself: one in which the identity is not written as one
 * plain line for each field, indented by two spaces. Whether the lines are those of `metadata` and `spec` only a YAML parser can say.
 */
export function splitSessionText(text: string): SessionText | undefined {
  if (UNSAFE.test(text)) return undefined;
  const found = new Map<string, string | boolean>();
  let classText = '';
  let end = 0;
  for (const { 0: line, 1: start = '', 2: field = '', 3: double, 4: single, 5: plain, index } of text.matchAll(FIELD)) {
    const value = plain === undefined ? quotedValue(field, double ?? single) : plainValue(field, plain);
    if (value === undefined || found.has(field)) return undefined;
    found.set(field, value);
    const quote = double !== undefined ? '"' : single !== undefined ? "'" : '';
    classText += text.slice(end, index) + start + quote + HOLE + quote;
    end = index + line.length;
  }
  if (!found.has('name') || !found.has('userId')) return undefined;
  return { classText: classText + text.slice(end), identity: Object.fromEntries(found) as unknown as SessionIdentity };
}

/** The value of a field in quotes; undefined where that is not its type. */
const quotedValue = (field: string, value: string | undefined): string | undefined =>
  field === 'suspended' ? undefined : value;

/** What YAML reads a value without quotes as; undefined where that is not the type of the field. */
function plainValue(field: string, plain: string): string | boolean | undefined {
  if (field === 'suspended') return plain === 'true' || (plain === 'false' ? false : undefined);
  return OTHER_TYPE.test(plain) ? undefined : plain;
}

const HOLES = new RegExp(`^(  (name|userId|expiresAt|suspended): )(["']?)${HOLE}`, 'gm');

/** The text that `splitSessionText` has split. */
export const joinSessionText = ({ classText, identity }: SessionText): string =>
  classText.replace(
    HOLES,
    (_, start: string, field: IdentityField, quote: string) => start + quote + String(identity[field]),
  );

/**
 * Whether the fields of a parsed file are what `splitSessionText` took out of its text, and not look-alikes in a longer text. Then this holds for
 * every session with the same class text.
 */
export function isIdentityOf({ classText, identity }: SessionText, file: YamlFile): boolean {
  const places = new Map<string, { readonly line: number; readonly column: number }>();
  for (const { 1: start = '', 2: field = '', index } of classText.matchAll(HOLES))
    places.set(field, { line: classText.slice(0, index).split('\n').length, column: start.length + 1 });
  return Object.entries(IDENTITY_FIELDS).every(([field, { file: path }]) => {
    const [place, value, { line, column }] = [places.get(field), at(file.content, path), file.locate(path)];
    if (place === undefined) return value === undefined;
    return value === identity[field as IdentityField] && line === place.line && column === place.column;
  });
}
