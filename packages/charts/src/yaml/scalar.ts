/** Text that all readers of YAML 1.1 and 1.2 read as text without quotes. */
const PLAIN = /^[A-Za-z/][A-Za-z0-9_./-]*$/;
const NOT_TEXT = /^(true|false|null|yes|no|on|off|y|n|e-?\d+)$/i;

export const isPlain = (text: string): boolean => PLAIN.test(text) && !NOT_TEXT.test(text);

const ESCAPED = /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** Escapes characters that some readers take for line breaks or refuse. Only quoted text has them. */
export const escaped = (text: string): string =>
  text.replace(ESCAPED, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

const SIMPLE = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

export const quoted = (text: string): string => (SIMPLE.test(text) ? `"${text}"` : escaped(JSON.stringify(text)));

/** A value as JSON, which is YAML's flow style. */
export const flow = (value: unknown): string =>
  typeof value === 'string' ? quoted(value) : escaped(JSON.stringify(value));

/** A scalar on the line of its key, in quotes where it needs them. */
export const scalar = (value: string | number | boolean | null): string =>
  typeof value === 'string' ? (isPlain(value) ? value : quoted(value)) : String(value);
