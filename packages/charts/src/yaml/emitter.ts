import { byRank } from './key-order';
import { isPlain } from './scalar';

/**
 * Data as text of YAML. The library that writes any data (see yaml.ts) makes a tree of nodes first, which takes twenty times as long: it
 * is left what is not usual.
 */

/** Keys that are longer as text are written in a form of their own. */
const LONGEST_KEY = 1000;

/** Whether a key is no longer, whatever it holds: a character takes six at most. */
const isShort = (key: string): boolean => key.length * 6 < LONGEST_KEY || JSON.stringify(key).length < LONGEST_KEY;

/** Whether data is nothing but mappings, lists, texts, numbers, truth values and nulls. */
export function isUsual(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) {
    if (Array.isArray(value)) return value.every(isUsual);
    for (const key of Object.keys(value)) {
      const child = (value as Record<string, unknown>)[key];
      if (!isShort(key) || (child !== undefined && !isUsual(child))) return false;
    }
    return true;
  }
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  return value === null || typeof value === 'string' || typeof value === 'boolean';
}

/** A mapping that is usual, with its keys in a fixed order. */
export const yamlText = (content: object): string => `${mappingText(content, '') || '{}'}\n`;

/** The entries of a mapping, each in lines that begin with the indentation. */
function mappingText(mapping: object, indent: string): string {
  let text = '';
  for (const key of Object.keys(mapping).sort(byRank)) {
    const value = (mapping as Record<string, unknown>)[key];
    if (value === undefined) continue;
    text += `${text === '' ? '' : '\n'}${indent}${textOf(key)}:${behindKey(value, indent)}`;
  }
  return text;
}

/** The items of a list, likewise. */
const listText = (list: readonly unknown[], indent: string): string =>
  list.map((item) => `${indent}- ${behindDash(item, indent)}`).join('\n');

function behindKey(value: unknown, indent: string): string {
  if (typeof value !== 'object' || value === null) return ` ${textOf(value)}`;
  const text = Array.isArray(value) ? listText(value, indent) : mappingText(value, `${indent}  `);
  return text === '' ? ` ${emptyText(value)}` : `\n${text}`;
}

function behindDash(value: unknown, indent: string): string {
  if (typeof value !== 'object' || value === null) return textOf(value);
  const inner = `${indent}  `;
  const text = Array.isArray(value) ? listText(value, inner) : mappingText(value, inner);
  return text === '' ? emptyText(value) : text.slice(inner.length);
}

const emptyText = (value: object): string => (Array.isArray(value) ? '[]' : '{}');

const textOf = (value: unknown): string =>
  typeof value === 'string' && isPlain(value) ? value : JSON.stringify(value);
