/**
 * Patterns of `.sourceignore`, as Flux's source-controller 1.7 reads them (go-git, plumbing/format/gitignore). Unlike
 * Git, a pattern without a slash matches any folder on the path, and the last match decides even below an excluded
 * folder.
 */
export interface IgnorePattern {
  /** As written. */
  readonly text: string;
  /** From 1. */
  readonly line: number;
  /** Folder of the file with the pattern, such as `dist/infra`; empty for the top of the repository. */
  readonly domain: string;
}

export const patternsIn = (text: string, domain: string): IgnorePattern[] =>
  text
    .split(/\r?\n/)
    .map((line, index) => ({ text: line, line: index + 1, domain }))
    .filter((pattern) => !pattern.text.startsWith('#') && pattern.text.trim() !== '');

/** @returns the pattern that excludes the file, or undefined if the file stays */
export function excludingPattern<T extends IgnorePattern>(patterns: readonly T[], path: string): T | undefined {
  const last = patterns.findLast((pattern) => matches(pattern, path));
  return last?.text.startsWith('!') === true ? undefined : last;
}

/** @param path of a file, from the top of the repository */
export function matches({ text, domain }: Pick<IgnorePattern, 'text' | 'domain'>, path: string): boolean {
  if (domain !== '' && !path.startsWith(`${domain}/`)) return false;
  const parts = (domain === '' ? path : path.slice(domain.length + 1)).split('/');
  const given = text.startsWith('!') ? text.slice(1) : text;
  const trimmed = given.endsWith('\\ ') ? given : given.replace(/ +$/, '');
  const isFolder = trimmed.endsWith('/');
  const pattern = isFolder ? trimmed.slice(0, -1) : trimmed;
  if (pattern.includes('/')) return matchesPath(pattern.split('/'), parts, isFolder);
  return parts.some((part, index) => matchesName(pattern, part) && !(isFolder && index === parts.length - 1));
}

function matchesPath(pattern: readonly string[], path: readonly string[], isFolder: boolean): boolean {
  let rest = path;
  let isMatched = false;
  let mayTraverse = false;
  for (const [index, step] of pattern.entries()) {
    if (step === '') {
      mayTraverse = false;
      continue;
    }
    if (step === '**') {
      if (index === pattern.length - 1) break;
      mayTraverse = true;
      continue;
    }
    if (step.includes('**') || rest.length === 0) return false;
    const found = mayTraverse ? rest.findIndex((part) => matchesName(step, part)) : 0;
    isMatched = found >= 0 && matchesName(step, rest[found] ?? '');
    if (!isMatched && !mayTraverse) return false;
    rest = isMatched ? rest.slice(found + 1) : [];
    mayTraverse = false;
  }
  return isMatched && !(isFolder && rest.length === 0);
}

/** Each is asked of all names. */
const EXPRESSIONS = new Map<string, RegExp>();

function matchesName(pattern: string, name: string): boolean {
  const expression = EXPRESSIONS.get(pattern) ?? expressionOf(pattern);
  EXPRESSIONS.set(pattern, expression);
  return expression.test(name);
}

/** Go, `filepath.Match`: a malformed pattern matches nothing. */
function expressionOf(pattern: string): RegExp {
  const source = pattern.replace(TOKEN, (token, escaped?: string, not?: string, set?: string) => {
    if (escaped !== undefined) return literal(escaped);
    if (set !== undefined) return setSource(set, not === '^');
    if (token === '*') return '.*';
    if (token === '?') return '.';
    return token === '[' || token === '\\' ? NOTHING : literal(token);
  });
  return new RegExp(`^${source}$`, 'su');
}

const TOKEN = /\\(.)|\[(\^?)((?:\\.|[^\]\\])+)\]|[\s\S]/gsu;

const NOTHING = '(?!)';

/** A range from a later to an earlier character has no character. */
function setSource(set: string, isNegated: boolean): string {
  const parts = Array.from(set.matchAll(/(\\.|[^\\])(?:-(\\.|[^\\]))?/gsu), ([, from = '', to]) => [from, to ?? from]);
  if (parts.some((ends) => ends.includes('-'))) return NOTHING;
  const ranges = parts
    .map((ends) => ends.map((end) => end.replace(/^\\/, '')))
    .flatMap(([from = '', to = '']) => (codeOf(from) > codeOf(to) ? [] : [`${inSet(from)}-${inSet(to)}`]));
  if (ranges.length === 0) return isNegated ? '.' : NOTHING;
  return `[${isNegated ? '^' : ''}${ranges.join('')}]`;
}

const codeOf = (character: string): number => character.codePointAt(0) ?? 0;

const inSet = (character: string): string => (/[\\\][^-]/.test(character) ? `\\${character}` : character);

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
