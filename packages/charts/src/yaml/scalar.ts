/** Text for YAML 1.1 and 1.2 without quotes. */
const PLAIN = /^[A-Za-z/][A-Za-z0-9_./-]*$/;
const NOT_TEXT = /^(true|false|null|yes|no|on|off|y|n|e-?\d+)$/i;

export const isPlain = (text: string): boolean => PLAIN.test(text) && !NOT_TEXT.test(text);

const ESCAPED = /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** Some readers take these characters for line breaks or refuse them. */
export const escaped = (text: string): string =>
  text.replace(ESCAPED, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

const SIMPLE = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

export const quoted = (text: string): string => (SIMPLE.test(text) ? `"${text}"` : escaped(JSON.stringify(text)));

export const flow = (value: unknown): string =>
  typeof value === 'string' ? quoted(value) : escaped(JSON.stringify(value));

export const scalar = (value: string | number | boolean | null): string =>
  typeof value === 'string' ? (isPlain(value) ? value : quoted(value)) : String(value);
