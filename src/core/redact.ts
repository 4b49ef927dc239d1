import { isMapping, type Path, pathText } from '@dozlab/charts/schema';

// `shown…` masks text that quotes an input; `withoutSecrets` masks printed text.

const secrets = new Set<string>();

/** Shorter secrets occur in ordinary words. */
const SHORTEST_MASKED = 4;

/** Also masks base64 and JSON forms. */
export function maskSecret(secret: string): string {
  for (const form of [secret, Buffer.from(secret).toString('base64'), JSON.stringify(secret).slice(1, -1)])
    if (form.length >= SHORTEST_MASKED) secrets.add(form);
  return secret;
}

export const withoutSecrets = (text: string): string =>
  Array.from(secrets)
    .sort((one, other) => other.length - one.length)
    .reduce((shown, secret) => shown.replaceAll(secret, '(not shown)'), text);

const LONGEST_SHOWN = 64;

const isSecretPlace = (path: Path): boolean =>
  path.includes('password') || path.includes('extraEnv') || (path.includes('filters') && path.at(-1) === 'value');

const mayHoldSecret = (text: string): boolean => /[:/\\].*@(?!sha256:)|[?&;#].*=|:\/\/.*[?#]/s.test(text);

/** A key with `:` or `=` may be `key:value` without the space that YAML needs. */
const isName = (step: string | number): boolean =>
  typeof step === 'number' || !/[:=]|(pass|secret|token).*\s/is.test(step);

/** Keys that may contain a secret become `…`. */
export const shownPath = (path: Path): string => pathText(path.map((step) => (isName(step) ? step : '…')));

export const shownKey = (key: string): string => (isName(key) ? shownText(key) : 'a key that is not shown');

/** Possible secrets are described, not quoted. */
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

export function isHidden(path: Path, value: unknown): boolean {
  if (isSecretPlace(path)) return true;
  if (typeof value === 'string') return mayHoldSecret(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, child]) => isHidden([...path, key], child));
}
