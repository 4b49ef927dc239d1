import { isMap, isScalar, parseDocument, type Node, type YAMLMap } from 'yaml';
import { isDeepStrictEqual } from 'node:util';

const FIELD = 'secretGeneration';

/**
 * The text of a session's file with another `spec.secretGeneration`, and everything else as it was, byte by byte. Undefined when that
 * cannot be: the number or `spec` stands in several places by an anchor.
 */
export function withGeneration(text: string, generation: number): string | undefined {
  const document = parseDocument(text);
  const spec = document.get('spec', true);
  if (!isMap(spec)) return undefined;
  const changed = replaced(text, spec, generation) ?? inserted(text, spec, generation);
  const wanted: unknown = document.toJS();
  (wanted as { spec: Record<string, unknown> }).spec[FIELD] = generation;
  return changed !== undefined && isDeepStrictEqual(parseDocument(changed).toJS(), wanted) ? changed : undefined;
}

/** The number that is there, replaced. */
function replaced(text: string, spec: YAMLMap, generation: number): string | undefined {
  const value: unknown = spec.get(FIELD, true);
  if (!isScalar(value) || value.range == null) return undefined;
  const [start, end] = value.range;
  return text.slice(0, start) + String(generation) + text.slice(end);
}

/** A new line in front of the first key, or a new entry in front of the closing brace. */
function inserted(text: string, spec: YAMLMap, generation: number): string | undefined {
  const first = spec.items[0]?.key as Node | undefined;
  const last = spec.items.at(-1)?.value as Node | undefined;
  if (first?.range == null || last?.range == null) return undefined;
  const [start] = first.range;
  if (spec.flow === true) {
    const [, end] = last.range;
    const key = text[start] === '"' ? `"${FIELD}"` : FIELD;
    return `${text.slice(0, end)}, ${key}: ${String(generation)}${text.slice(end)}`;
  }
  const indent = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  return `${text.slice(0, start)}${FIELD}: ${String(generation)}${lineEnd}${indent}${text.slice(start)}`;
}
