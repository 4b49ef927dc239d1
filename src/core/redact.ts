import { isMapping, type Path, pathText } from '@dozlab/charts/schema';
import { isRandom, NOT_SHOWN, secretForm, withoutForms, withoutRandom } from './secret-forms';

/**
 * The one model of secrets in output. `shown…` describes a wrong value, `isHidden` decides on a valid one. All problems
 * pass `safeMessage`, and all that the program prints passes `withoutSecrets`.
 */

const secrets = new Set<string>();

/** Shorter secrets occur in ordinary words. */
const SHORTEST_MASKED = 4;

/** Also masks base64 and JSON forms. */
export function maskSecret(secret: string): string {
  for (const form of [secret, Buffer.from(secret).toString('base64'), JSON.stringify(secret).slice(1, -1)])
    if (form.length >= SHORTEST_MASKED) secrets.add(form);
  return secret;
}

/** Replaces known secrets, and secrets by their form. */
export const withoutSecrets = (text: string): string =>
  withoutForms(
    Array.from(secrets)
      .sort((one, other) => other.length - one.length)
      .reduce((shown, secret) => shown.replaceAll(secret, NOT_SHOWN), text),
  );

/** For messages about values: random text is no name of a person or file there. */
export const safeMessage = (text: string): string => withoutRandom(withoutSecrets(text));

const LONGEST_SHOWN = 64;

const IS_SECRET = /pass(word|wd|phrase)?$|secret|token|credential|api-?key|private-?key|authorization/i;

/** Everything below such a key is secret as well. */
const IS_PASSWORD = /pass(word|wd|phrase)/i;

/** Keys that name a secret without its content. */
const IS_REFERENCE =
  /^(tlsSecretName|secretName|existingSecret|existingSecretKey|registrySecret|imagePullSecrets|secretKeyRef|secretRef|decryptionSecret|secretStoreRef|name|key|kind|namespace)$/;

/** Users may have random names. */
const IS_USER = /^(userId|user|user-id|dozlab\.io\/user-id)$/;

/** Dozlab's own text, which looks like an address with credentials. */
const OWN_PROGRAMS = ['command', 'expression', 'messageExpression', 'readyExpr'];

const isWord = (step: string | number): step is string => typeof step === 'string';

const isFreeText = (path: Path): boolean =>
  path.includes('password') || path.includes('extraEnv') || (path.includes('filters') && path.at(-1) === 'value');

/** Somebody may have put a secret in place of its name. */
const isSecretPlace = (path: Path): boolean =>
  isFreeText(path) || path.some((step) => isWord(step) && IS_SECRET.test(step));

const HEADER = /\b(authorization|bearer|basic)\b\s*[:"' ]\s*\S/i;

/** `DB_PASSWORD=…`, `{"api-token":"…"}` */
const ASSIGNMENT = /(pass(word|wd|phrase)?|secret|token|api[-_]?key)[\w-]*["']?\s*[:=]\s*["']?[^\s"']/i;

const ADDRESS = /[:/\\].*@(?!sha256:)|[?&;#].*=|:\/\/.*[?#]/s;

const isCredential = (text: string): boolean =>
  secretForm(text) !== undefined || HEADER.test(text) || ASSIGNMENT.test(text);

const mayHoldSecret = (text: string): boolean => ADDRESS.test(text) || isCredential(text) || isRandom(text);

/** Whether output must hide a valid value. It shows the names of Secrets. */
export function isHidden(path: Path, value: unknown): boolean {
  if (Array.isArray(value)) return value.some((item, index) => isHidden([...path, index], item));
  if (isMapping(value)) return Object.entries(value).some(([key, child]) => isHidden([...path, key], child));
  if (isFreeText(path)) return true;
  const text = typeof value === 'string' ? value : undefined;
  if (text !== undefined && isCredential(text)) return true;
  const key = path.findLast(isWord) ?? '';
  if (OWN_PROGRAMS.includes(key)) return false;
  const isBelowPassword = path.some((step) => isWord(step) && IS_PASSWORD.test(step));
  if (!IS_REFERENCE.test(key) && (isBelowPassword || IS_SECRET.test(key))) return true;
  return text !== undefined && (ADDRESS.test(text) || (!IS_USER.test(key) && isRandom(text)));
}

/** A key with `:` or `=` may be `key:value` without the space that YAML needs. */
const isName = (step: string | number): boolean =>
  !isWord(step) || !(/[:=]|(pass|secret|token).*\s/is.test(step) || secretForm(step) !== undefined || isRandom(step));

/** Keys that may contain a secret become `…`. */
export const shownPath = (path: Path): string => pathText(path.map((step) => (isName(step) ? step : '…')));

export const shownKey = (key: string): string => (isName(key) ? shownText(key) : 'a key that is not shown');

/** Describes a wrong value. Possible secrets are not quoted, and nothing whose key names a secret. */
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
