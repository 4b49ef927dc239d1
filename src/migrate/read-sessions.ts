import type { Diagnostics } from '../core/diagnostics';
import { maskSecret } from '../core/redact';
import type { Item, Original } from './original';
import { isSessionObject, readObjects } from './read-objects';
import { isRelease, isValuesFile, readRelease, originalOfValues } from './read-values';
import { at, isMapping } from '@dozlab/charts/schema';

export function readOriginals(items: readonly Item[], diagnostics: Diagnostics): Original[] {
  const objects: Item[] = [];
  const originals = items.flatMap((item) => {
    if (isSessionObject(item)) {
      objects.push(item);
      return [];
    }
    const found = isRelease(item)
      ? readRelease(item, diagnostics)
      : isValuesFile(item)
        ? originalOfValues(item, diagnostics)
        : refuseItem(item, diagnostics);
    return found === undefined ? [] : [found];
  });
  return [...originals, ...readObjects(objects, diagnostics)];
}

function refuseItem(item: Item, diagnostics: Diagnostics): undefined {
  const kind = item.kind ?? '';
  const what = /^[A-Z][A-Za-z]{0,62}$/.test(kind) ? `a ${kind}` : 'this';
  diagnostics.add([
    item.notCarried(
      [],
      `${what} is no part of a session; parts are Pod, Service, Secret, HelmRelease and values files`,
    ),
  ]);
}

/** Masking a shorter password would hide ordinary words. */
const SHORTEST_MASKED = 8;

export function maskPasswords(items: readonly Item[]): void {
  for (const item of items) {
    for (const part of ['data', 'stringData'] as const) {
      const values = item.kind === 'Secret' ? item.get(part) : undefined;
      for (const value of Object.values(isMapping(values) ? values : {})) {
        maskText(value);
        if (part === 'data' && typeof value === 'string') maskText(Buffer.from(value, 'base64').toString('utf8'));
      }
    }
    for (const value of literals(item)) maskText(value);
    maskText(item.get('codeServer', 'password'));
    maskText(item.get('spec', 'values', 'codeServer', 'password'));
  }
}

/** Values of variables whose names suggest a secret. */
function literals(pod: Item): unknown[] {
  return ['initContainers', 'containers'].flatMap((list) =>
    listOf(pod.get('spec', list)).flatMap((container) =>
      listOf(at(container, ['env']))
        .filter((variable) => /PASS|PWD|SECRET|TOKEN|CREDENTIAL|API_?KEY/i.test(String(at(variable, ['name']))))
        .map((variable) => at(variable, ['value'])),
    ),
  );
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** Masks a password with and without its line end. A password of digits is a number in YAML. */
function maskText(value: unknown): void {
  if (typeof value !== 'string' && typeof value !== 'number') return;
  for (const text of [String(value), String(value).trim()]) if (text.length >= SHORTEST_MASKED) maskSecret(text);
}
