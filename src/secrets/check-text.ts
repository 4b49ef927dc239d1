import { parseDocument } from 'yaml';
import { at, isMapping, type Path } from '@dozlab/charts/schema';
import { SKIP_MARKER } from '../core/consumers/metadata';
import { placeAt, positionAt, type Diagnostics, type Position } from '../core/diagnostics';

/** A file of YAML. */
export interface SecretText {
  readonly path: string;
  readonly text: string;
  readonly content: unknown;
  readonly locate: (path: Path, key?: boolean) => Position;
}

/**
 * dist/ holds the bytes of a secret file, because SOPS has a code over them. Flux builds all files of a cohort together: one
 * that its reader of YAML refuses stops the whole cohort, and text that only its reader sees is applied without a check.
 */
export function checkText(file: SecretText, diagnostics: Diagnostics): void {
  const { path, text, content } = file;
  for (const { pattern, message } of FAULTS) {
    const found = pattern.exec(text);
    if (found !== null)
      diagnostics.error(placeAt(path, positionAt(text, found.index)), [], 'malformed', message(codeOf(found[0])));
  }
  for (const each of MAY_DIFFER.test(text) ? readOtherwise(text, content) : [])
    diagnostics.error(
      file,
      each,
      'wrong-value',
      'is another value for readers of YAML 1.1, such as Flux. Fix: put it in quotes',
    );
}

const FAULTS: readonly { readonly pattern: RegExp; readonly message: (code: string) => string }[] = [
  {
    /** YAML 1.1, "Line Break Characters"; Go's yaml, "control characters are not allowed". */
    pattern: /\r(?!\n)|[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u,
    message: (code) => `has the character ${code}, which Flux refuses or takes for the end of a line. Fix: remove it`,
  },
  { pattern: /^%/m, message: () => 'has a directive (%), before which dist/ has a comment. Fix: remove the line' },
  {
    pattern: new RegExp(SKIP_MARKER.replace('+', '\\+')),
    message: () =>
      `has the text ${SKIP_MARKER}, by which Argo CD skips the file and deletes its objects. Fix: remove it`,
  },
];

const codeOf = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

/** Text without quotes that may be another value, a merge key or a tag. Reading twice takes time. */
const MAY_DIFFER = /(?:^|[\s:,[{-])(?:y|yes|n|no|on|off|<<|=|[-+]?\.?\d[\w:.+-]*)(?=$|[\s,\]}:#])|!!/im;

function readOtherwise(text: string, content: unknown): Path[] {
  const other: unknown = parseDocument(text, { version: '1.1', logLevel: 'silent' }).toJS({ maxAliasCount: 100 });
  return differences(content, other);
}

function differences(one: unknown, other: unknown, path: Path = []): Path[] {
  const isTime = other instanceof Date;
  const isLeaf = isTime || !(isMapping(other) || Array.isArray(other));
  // SOPS reads all as text but times; Kubernetes reads times as text, too.
  if (isLeaf && path[0] === 'sops') return isTime ? [path] : [];
  if (isTime) return [];
  if (isMapping(one) && isMapping(other)) {
    const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
    return Array.from(keys).flatMap((key) => differences(at(one, [key]), at(other, [key]), [...path, key]));
  }
  if (Array.isArray(one) && Array.isArray(other) && one.length === other.length)
    return one.flatMap((item, index) => differences(item, other[index], [...path, index]));
  return Object.is(one, other) ? [] : [path];
}
