/** A text, or a list of texts, as a literal of CEL, whose escapes include those of JSON (CEL, "Language Definition"). */
export const celLiteral = (value: string | readonly string[]): string => JSON.stringify(value);
