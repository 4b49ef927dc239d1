/**
 * Characters that no value may hold: C0, DEL, C1 (with NEL), byte order mark and the two non-characters. YAML readers disagree on them or refuse them. The spelling works in regular expressions of JavaScript and Go: the
 * class in the same way (the ones above U+00FF stand literally).
 */
const CONTROL = '\\x00-\\x1f\\x7f-\\x9f\ufeff\ufffe\uffff';
const CONTROL_BUT_NEWLINE_AND_TAB = '\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\ufeff\ufffe\uffff';

/** Matches text on one line without control characters. */
export const ONE_LINE = new RegExp(`^[^${CONTROL}]*$`, 'u');

/** Matches text without control characters other than newline and tab. */
export const MANY_LINES = new RegExp(`^[^${CONTROL_BUT_NEWLINE_AND_TAB}]*$`, 'u');

/** The length of a text in characters (code points), as JSON Schema counts it. */
export const characters = (text: string): number =>
  /[\ud800-\udfff]/.test(text) ? Array.from(text).length : text.length;

/**
 * Whether a text can be written everywhere: it holds no half of a surrogate pair, which UTF-8 cannot hold, and no line or paragraph
 * separator, which some readers of YAML take for line breaks. (These two cannot stand literally in the source of a regular expression.)
 */
export const isWellFormed = (text: string): boolean => !/[\p{Surrogate}\u2028\u2029]/u.test(text);
