import type { IResolver, ResolutionContext } from 'cdk8s';
import { OpenPart } from './maps';
import { hasPlaceholder, placeholders } from './placeholders';
import { Symbolic } from './symbolic';

/** cdk8s resolves mappings in the order of the source only here. */
export const symbolResolver: IResolver = {
  resolve(context: ResolutionContext): void {
    const value = context.value as unknown;
    if (value instanceof OpenPart) context.replaceValue(value.whole());
    else if (isUnionOfSymbol(value)) context.replaceValue({ value: value.value.resolve() });
    else if (typeof value === 'object' && value !== null && !Array.isArray(value)) expectNoneHidden(value, context);
  },
};

const isUnionOfSymbol = (value: unknown): value is { value: Symbolic } =>
  typeof value === 'object' &&
  value !== null &&
  value.constructor !== Object &&
  !(value instanceof Symbolic) &&
  (value as { value?: unknown }).value instanceof Symbolic;

/** @throws Error when an entry is before an open map, which may hide the entry */
function expectNoneHidden(entries: object, { obj, key: path }: ResolutionContext): void {
  // cdk8s resolves metadata twice, the second time with its keys sorted.
  if (path[0] === 'metadata') return;
  const keys = Object.keys(entries);
  for (const [index, key] of keys.entries()) {
    const entry = hasPlaceholder(key) ? placeholders().peek(key) : undefined;
    if (entry?.kind !== 'map') continue;
    const hidden = keys.slice(0, index).find((before) => !entry.fixed.includes(before));
    if (hidden !== undefined)
      throw new Error(
        `${obj.node.path}: ${[...path, hasPlaceholder(hidden) ? '(a key)' : hidden].join('.')} is before the open map ${entry.expression.js}, which may hide it. Fix: use merge(map, {…})`,
      );
  }
}
