import { maskSecret } from '../core/redact';
import { at, isMapping } from '@dozlab/charts/schema';
import type { Item } from './item';

/** A shorter one stands in ordinary words, which would be hidden with it, and no file is made of it anyway. */
const SHORTEST_KEPT = 8;

/** Remembers what is a password in an input, so that nothing that is printed shows it. */
export function rememberPasswords(items: readonly Item[]): void {
  for (const item of items) {
    for (const part of ['data', 'stringData'] as const) {
      const values = item.kind === 'Secret' ? item.get(part) : undefined;
      for (const value of Object.values(isMapping(values) ? values : {})) {
        remember(value);
        if (part === 'data' && typeof value === 'string') remember(Buffer.from(value, 'base64').toString('utf8'));
      }
    }
    for (const value of literals(item)) remember(value);
    remember(item.get('codeServer', 'password'));
    remember(item.get('spec', 'values', 'codeServer', 'password'));
  }
}

/** The passwords that a container is given as they are. */
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

/** With and without the line end that a password often has where a file or `echo` gave it. YAML takes one of digits for a number. */
function remember(value: unknown): void {
  if (typeof value !== 'string' && typeof value !== 'number') return;
  for (const text of [String(value), String(value).trim()]) if (text.length >= SHORTEST_KEPT) maskSecret(text);
}
