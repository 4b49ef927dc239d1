/**
 * Regular expressions as Go reads them. Helm checks values with Go's RE2, which knows neither lookaround nor references and spells some
 * characters in another way. What both read alike stays as it is.
 */

/** Why Go cannot read a pattern. */
export class PatternProblem extends Error {}

/** JavaScript's \s; Go's has ASCII alone. */
const SPACES = '\\t-\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}';

/** Everything else. */
const NO_SPACES =
  '\\x00-\\x08\\x0e-\\x1f!-\\x{9f}\\x{a1}-\\x{167f}\\x{1681}-\\x{1fff}\\x{200b}-\\x{2027}\\x{202a}-\\x{202e}\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}\\x{3001}-\\x{fefe}\\x{ff00}-\\x{10ffff}';

/** Flags that Go has too; `u`, `d` and `g` change nothing that matters here. */
const FLAGS: Readonly<Record<string, string>> = { i: 'i', s: 's', u: '', d: '', g: '' };

/** The largest count of a repetition that Go takes, also where one stands in another. */
const MOST_REPEATED = 1000;

const TOKEN =
  /\\u\{[0-9A-Fa-f]+\}|\\u[0-9A-Fa-f]{4}(?:\\u[0-9A-Fa-f]{4})?|\\x[0-9A-Fa-f]{2}|\\c[A-Za-z]|\\[pPk][^}>]*[}>]|\\.|\(\?<[A-Za-z_$][\w$]*>|\(\?(?:<?[=!])?|\[\^?\]?|\{\d+(?:,\d*)?\}|[^]/gu;

/**
 * The pattern of a regular expression in the spelling that Go reads.
 * @throws PatternProblem with the reason when there is none
 */
export function goPattern({ source, flags }: Pick<RegExp, 'source' | 'flags'>): string {
  const known = Array.from(flags, (flag) => FLAGS[flag] ?? fail(`the flag ${flag}`)).join('');
  const isUnicode = flags.includes('u');
  let isInClass = false;
  /** How often what stands in each open group is repeated at most; the outermost first. */
  const groups: number[] = [1];
  let last = 1;
  const body = Array.from(source.matchAll(TOKEN), ({ 0: token, index }) => {
    if (isInClass) {
      if (token.endsWith(']') && !token.startsWith('\\')) isInClass = false;
      if (token.startsWith('\\')) return escape(token, true, isUnicode);
      // `[:` begins the name of a class in Go.
      return source.startsWith('[:', index) ? `\\${token}` : token;
    }
    if (token === '[]') return fail('an empty class');
    if (token === '[^]') return '[\\x00-\\x{10ffff}]';
    if (token.startsWith('[')) isInClass = true;
    const count = /^\{(\d+)(?:,(\d*))?\}$/.exec(token);
    if (count !== null) {
      const most = Math.max(1, Number(count[1]), Number(count[2] ?? 0));
      last *= most;
      if (last > MOST_REPEATED) return fail(`a repetition of more than ${String(MOST_REPEATED)}`);
      groups.push(Math.max(groups.pop() ?? 1, last));
      return token;
    }
    if (/^\(\?<?[=!]$/.test(token)) return fail('lookaround');
    if (token.startsWith('(')) groups.push(1);
    last = token === ')' ? (groups.pop() ?? 1) : 1;
    if (token === ')') groups.push(Math.max(groups.pop() ?? 1, last));
    if (token.startsWith('(?<')) return '(';
    return token.startsWith('\\') ? escape(token, false, isUnicode) : token;
  }).join('');
  return known === '' ? body : `(?${known})${body}`;
}

function fail(what: string): never {
  throw new PatternProblem(`${what} is nothing that Go's regular expressions have`);
}

function escape(token: string, isInClass: boolean, isUnicode: boolean): string {
  const [, letter = ''] = token;
  const code = /^\\u\{?([0-9A-Fa-f]+)\}?$/.exec(token);
  if (code?.[1] !== undefined) return character(Number.parseInt(code[1], 16));
  const pair = /^\\u([0-9A-Fa-f]{4})\\u([0-9A-Fa-f]{4})$/.exec(token);
  if (pair !== null) {
    const [high, low] = [Number.parseInt(pair[1] ?? '', 16), Number.parseInt(pair[2] ?? '', 16)];
    if ((high & 0xfc00) !== 0xd800) return `${character(high)}${character(low)}`;
    if (isInClass && !isUnicode) return fail('half a character');
    return character(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00));
  }
  if (letter === 'x' && token.length === 4) return token;
  if (letter === 'c' && token.length === 3) return character((token.codePointAt(2) ?? 0) % 32);
  if (letter === 'p' || letter === 'P') {
    if (isUnicode && /^\\[pP]\{[A-Z][a-z]?\}$/.test(token)) return token;
    return fail(token);
  }
  if (letter === 'b' && isInClass) return '\\x08';
  if (letter === '0') return '\\x00';
  if (/[1-9k]/.test(letter)) return fail('a reference to a group');
  if (letter === 's') return isInClass ? SPACES : `[${SPACES}]`;
  if (letter === 'S') return isInClass ? NO_SPACES : `[${NO_SPACES}]`;
  if (/[dDwWbBfnrtv]/.test(letter) || !/[A-Za-z0-9]/.test(letter)) return token;
  return letter;
}

function character(code: number): string {
  if (code >= 0xd800 && code <= 0xdfff) return fail('half a character');
  return `\\x{${code.toString(16)}}`;
}
