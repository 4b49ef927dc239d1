import { isMapping, type Path, pathText } from '@dozlab/charts/schema';

/**
 * What errors and reports may show of an input. Everything that quotes an input goes through here, and everything that is printed: secrets
 * that are known are taken out of it.
 */

const secrets = new Set<string>();

/** Anything shorter stands in every other word. */
const SHORTEST_MASKED = 4;

/** Remembers a secret, so that nothing that is printed from now on shows it, and gives it back. */
export function keepSecret(secret: string): string {
  for (const form of [secret, Buffer.from(secret).toString('base64'), JSON.stringify(secret).slice(1, -1)])
    if (form.length >= SHORTEST_MASKED) secrets.add(form);
  return secret;
}

/** A text without the secrets that are known. */
export const withoutSecrets = (text: string): string =>
  Array.from(secrets)
    .sort((one, other) => other.length - one.length)
    .reduce((shown, secret) => shown.replaceAll(secret, '(not shown)'), text);

const LONGEST_SHOWN = 64;

/** Places whose content may be secret: it is never shown. */
const isSecretPlace = (path: Path): boolean =>
  path.includes('password') || path.includes('extraEnv') || (path.includes('filters') && path.at(-1) === 'value');

/** Whether a text may hold a credential: a user before a host, or parameters of an address. */
const mayHoldSecret = (text: string): boolean => /[:/\\].*@(?!sha256:)|[?&;#].*=|:\/\/.*[?#]/s.test(text);

/** Keys that are shown. One with a colon or an equals sign may hold a value that lacks the space behind its colon. */
const isName = (step: string | number): boolean =>
  typeof step === 'number' || !/[:=]|(pass|secret|token).*\s/is.test(step);

/** A path in which keys that are no names are not shown. */
export const shownPath = (path: Path): string => pathText(path.map((step) => (isName(step) ? step : '…')));

/** A key in quotes, or what stands for it. */
export const shownKey = (key: string): string => (isName(key) ? shownText(key) : 'a key that is not shown');

/** A given value. Of a mapping or list only that it is one; of what may be secret only that it is text. */
export function shownValue(path: Path, value: unknown, isTextExpected = true): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (isMapping(value)) return 'a mapping';
  if (isSecretPlace(path)) return `${typeof value === 'string' ? 'text' : `a ${typeof value}`} that is not shown`;
  if (typeof value === 'string' && !isTextExpected) return 'text';
  if (typeof value === 'string') return mayHoldSecret(value) ? 'text that is not shown' : shownText(value);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : typeof value;
}

function shownText(text: string): string {
  const start = Array.from(text).slice(0, LONGEST_SHOWN).join('');
  const quoted = JSON.stringify(start).replace(
    /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return start.length < text.length ? `${quoted}…` : quoted;
}

/** Whether a value is not to be shown at all: it stands, or something in it, where a secret may be, or looks like one. */
export function isHidden(path: Path, value: unknown): boolean {
  if (isSecretPlace(path)) return true;
  if (typeof value === 'string') return mayHoldSecret(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, child]) => isHidden([...path, key], child));
}
