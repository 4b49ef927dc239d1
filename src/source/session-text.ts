import { at } from '@dozlab/charts/schema';
import { IDENTITY_FIELDS, isValidIdentity, type IdentityField, type SessionIdentity } from '../api/session';
import { secretForm } from '../core/secret-forms';
import type { YamlFile } from './yaml';

export interface SessionText {
  /** Has holes for the identity: equal for all sessions of a class. */
  readonly classText: string;
  readonly identity: SessionIdentity;
}

const HOLE = '\0';

/** Could change the meaning of a line: control characters, line ends, anchors, aliases, tags. */
const UNSAFE = /[&*!\u2028\u2029]|[^\n\P{C}]/u;

/** One meaning in any YAML context. Unquoted text may hold a colon only inside a word. */
const WORD = "[\\p{L}\\p{M}\\p{N}_./@+=()'-]";
const PLAIN = `[\\p{L}\\p{N}/](?:${WORD}|:(?=${WORD}))*(?: +[\\p{L}\\p{N}_/@](?:${WORD}|:(?=${WORD}))*)*`;

const FIELD = new RegExp(
  `^(  (name|userId|expiresAt|suspended): )(?:"([^"\\\\\\n]*)"|'([^'\\n]*)'|(${PLAIN}))$`,
  'gmu',
);

const OTHER_TYPE = /^(?:null|true|false|0[ox][0-9a-f]+|[0-9]+\.?[0-9]*(?:e[-+]?[0-9]+)?)$/i;

/**
 * Undefined unless each identity field is one plain line. `isIdentityOf` must check the result: only a YAML parser
 * detects look-alikes.
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

/** Undefined also if the identity is invalid or contains a secret. */
export function splitValidText(text: string): SessionText | undefined {
  const split = splitSessionText(text);
  if (split === undefined || secretForm(split.identity.userId) !== undefined) return undefined;
  return isValidIdentity(split.identity) ? split : undefined;
}

const quotedValue = (field: string, value: string | undefined): string | undefined =>
  field === 'suspended' ? undefined : value;

function plainValue(field: string, plain: string): string | boolean | undefined {
  if (field === 'suspended') return plain === 'true' || (plain === 'false' ? false : undefined);
  return OTHER_TYPE.test(plain) ? undefined : plain;
}

const HOLES = new RegExp(`^(  (name|userId|expiresAt|suspended): )(["']?)${HOLE}`, 'gm');

export const joinSessionText = ({ classText, identity }: SessionText): string =>
  classText.replace(
    HOLES,
    (_, start: string, field: IdentityField, quote: string) => start + quote + String(identity[field]),
  );

/** Holds for all sessions with this class text. */
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
