/** YAML readers disagree on these characters. The form works in regular expressions of JavaScript and Go. */
const CONTROL = '\\x00-\\x1f\\x7f-\\x9f\ufeff\ufffe\uffff';
const CONTROL_BUT_NEWLINE_AND_TAB = '\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\ufeff\ufffe\uffff';

export const ONE_LINE = new RegExp(`^[^${CONTROL}]*$`, 'u');

export const MANY_LINES = new RegExp(`^[^${CONTROL_BUT_NEWLINE_AND_TAB}]*$`, 'u');

/** Code points, as JSON Schema counts. */
export const characters = (text: string): number =>
  /[\ud800-\udfff]/.test(text) ? Array.from(text).length : text.length;

/** UTF-8 cannot hold surrogates. Some YAML readers take U+2028 and U+2029 for line breaks. */
export const isWellFormed = (text: string): boolean => !/[\p{Surrogate}\u2028\u2029]/u.test(text);
