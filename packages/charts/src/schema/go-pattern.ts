import { type AST, RegExpParser, visitRegExpAST } from '@eslint-community/regexpp';

export class PatternProblem extends Error {}

/** `\s` of JavaScript inside a class. Go's `\s` has ASCII alone. */
const SPACES = '\\t-\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}';

const NO_SPACES =
  '\\x00-\\x08\\x0e-\\x1f!-\\x{9f}\\x{a1}-\\x{167f}\\x{1681}-\\x{1fff}\\x{200b}-\\x{2027}\\x{202a}-\\x{202e}\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}\\x{3001}-\\x{fefe}\\x{ff00}-\\x{10ffff}';

/** `u`, `d` and `g` change nothing in Go. */
const FLAGS: Readonly<Record<string, string>> = { i: 'i', s: 's', u: '', d: '', g: '' };

/** Go's limit of nested repetitions, multiplied (regexp/syntax). */
const MAX_REPETITION = 1000;

const parser = new RegExpParser({ ecmaVersion: 2025 });

/**
 * Helm checks values with Go's RE2.
 * @throws PatternProblem when RE2 has no such pattern
 */
export function goPattern({ source, flags }: Pick<RegExp, 'source' | 'flags'>): string {
  const goFlags = Array.from(flags, (flag) => FLAGS[flag] ?? refuse(`flag ${flag}`)).join('');
  const pattern = parser.parsePattern(source, 0, source.length, { unicode: flags.includes('u') });
  const parts: string[] = [];
  let end = 0;
  const replace = (node: { readonly start: number; readonly end: number }, text: string): void => {
    parts.push(source.slice(end, node.start), text);
    end = node.end;
  };
  const repetitions = [1];
  visitRegExpAST(pattern, {
    onAssertionEnter: ({ kind }) => {
      if (kind === 'lookahead' || kind === 'lookbehind') refuse('lookaround');
    },
    onBackreferenceEnter: () => refuse('references to groups'),
    onCapturingGroupEnter: ({ start, name }) => {
      if (name !== null) replace({ start, end: start + `(?<${name}>`.length }, '(');
    },
    onQuantifierEnter: ({ min, max }) => {
      const product = (repetitions.at(-1) ?? 1) * Math.max(1, max === Infinity ? min : max);
      if (product > MAX_REPETITION) refuse(`repetition of more than ${String(MAX_REPETITION)}`);
      repetitions.push(product);
    },
    onQuantifierLeave: () => repetitions.pop(),
    onCharacterClassEnter: (node) => {
      if (node.elements.length > 0) return;
      replace(node, node.negate ? '[\\x00-\\x{10ffff}]' : refuse('empty class'));
    },
    onCharacterSetEnter: (node) => {
      if (node.kind === 'property' && !/^\\[pP]\{[A-Z][a-z]?\}$/.test(node.raw)) refuse(node.raw);
      if (node.kind !== 'space') return;
      const spaces = node.negate ? NO_SPACES : SPACES;
      replace(node, node.parent.type === 'CharacterClass' ? spaces : `[${spaces}]`);
    },
    onCharacterEnter: (node) => {
      if (node.start < end) return; // the second half of a character
      const pair = secondHalf(node);
      if (pair === undefined) replace(node, character(node, source));
      else if (node.raw.startsWith('\\') || pair.raw.startsWith('\\'))
        replace({ start: node.start, end: pair.end }, codePoint(combined(node.value, pair.value)));
      else replace({ start: node.start, end: pair.end }, node.raw + pair.raw);
    },
  });
  const body = parts.join('') + source.slice(end);
  return goFlags === '' ? body : `(?${goFlags})${body}`;
}

function refuse(what: string): never {
  throw new PatternProblem(`Go has no ${what}`);
}

const isHighHalf = (code: number): boolean => code >= 0xd800 && code < 0xdc00;
const isLowHalf = (code: number): boolean => code >= 0xdc00 && code < 0xe000;

const combined = (high: number, low: number): number => 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);

/** Without the flag `u`, characters outside the basic plane have two halves. */
function secondHalf({ value, parent, end }: AST.Character): AST.Character | undefined {
  if (!isHighHalf(value) || parent.type !== 'Alternative') return undefined;
  const next = parent.elements.find(({ start }) => start === end);
  return next?.type === 'Character' && isLowHalf(next.value) ? next : undefined;
}

function character({ raw, value, end, parent }: AST.Character, source: string): string {
  if (isHighHalf(value) || isLowHalf(value)) return refuse('half of a character');
  const isInClass = parent.type === 'CharacterClass' || parent.type === 'CharacterClassRange';
  // `[:` begins the name of a class in Go.
  if (!raw.startsWith('\\')) return isInClass && raw === '[' && source[end] === ':' ? '\\[' : raw;
  if (/^\\[pP]$/.test(raw)) return refuse(raw);
  if (/^\\(?:[fnrtv]|x[0-9A-Fa-f]{2}|[!-/:-@[-`{-~])$/.test(raw)) return raw;
  return /^\\[A-Za-z]$/.test(raw) && value === raw.codePointAt(1) ? raw.slice(1) : codePoint(value);
}

const codePoint = (code: number): string => `\\x{${code.toString(16)}}`;
