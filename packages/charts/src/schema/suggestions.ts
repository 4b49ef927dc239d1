import { closest, distance } from 'fastest-levenshtein';
import { z } from 'zod';
import { unwrap } from './defaults';
import { type Path, pathText } from './path';

export function nearest(given: string, names: readonly string[]): string | undefined {
  if (names.length === 0 || given.length > 64) return undefined;
  const sameLetters = names.find((name) => name.toLowerCase() === given.toLowerCase());
  if (sameLetters !== undefined) return sameLetters;
  const near = closest(given, names);
  return distance(given, near) <= Math.max(1, Math.floor(Math.max(given.length, near.length) / 3)) ? near : undefined;
}

export function keysAt(schema: z.core.$ZodType, path: Path): string[] {
  let inner = unwrap(schema).schema;
  for (const step of path) {
    if (inner instanceof z.ZodObject)
      inner = unwrap((inner.shape as Record<string, z.core.$ZodType>)[String(step)] ?? z.never()).schema;
    else if (inner instanceof z.ZodArray) inner = unwrap(inner.element).schema;
    else if (inner instanceof z.ZodRecord) inner = unwrap(inner.valueType).schema;
  }
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

const indexes = new WeakMap<z.core.$ZodType, Map<string, string[]>>();

export function placesOf(schema: z.core.$ZodType, key: string): readonly string[] {
  let index = indexes.get(schema);
  if (index === undefined) {
    index = new Map();
    addPlaces(schema, [], index);
    indexes.set(schema, index);
  }
  return index.get(key) ?? [];
}

function addPlaces(schema: z.core.$ZodType, from: Path, index: Map<string, string[]>): void {
  const { schema: inner } = unwrap(schema);
  if (!(inner instanceof z.ZodObject)) return;
  for (const [name, child] of Object.entries(inner.shape)) {
    const path = [...from, name];
    index.set(name, [...(index.get(name) ?? []), pathText(path)]);
    addPlaces(child as z.core.$ZodType, path, index);
  }
}
