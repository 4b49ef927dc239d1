import { k8s } from 'cdk8s-plus-28';
import { z } from 'zod';
import { unwrap } from '../schema/defaults';
import { type Expression, goText } from './expression';
import { placeholders } from './placeholders';
import { expectWhole, expressionOf, isSymbolic, Symbolic, symbolOf } from './symbolic';
import { type OpenMap, opened, type Optional } from './view';

/** A whole map, absent when empty. */
export function map<T>(open: OpenMap<T>): Record<string, T> | undefined {
  return isSymbolic(open) ? standIn(expressionOf(open)) : nonEmpty(opened<Record<string, T>>(open));
}

/** A map with fixed entries, which win; absent when empty. */
export function merge<T>(open: OpenMap<T>, fixed: Record<string, T>): Record<string, T> {
  if (isSymbolic(open)) return standIn<T>(expressionOf(open), fixed);
  const defined = Object.entries(fixed).filter(([, value]) => value !== undefined);
  return opened<Record<string, T>>(nonEmpty({ ...opened<Record<string, T>>(open), ...Object.fromEntries<T>(defined) }));
}

/** Merges maps. Later entries win. */
export function overlay<T>(...maps: OpenMap<T>[]): OpenMap<T> {
  if (!maps.some(isSymbolic)) return opened<OpenMap<T>>(Object.assign({}, ...maps.map((open) => opened<object>(open))));
  const layers = maps.map((open) => expressionOf(open)).flatMap((open) => open.layers ?? [open]);
  return opened<OpenMap<T>>(
    new Symbolic({
      type: 'map',
      js: `Object.assign({},${layers.map(({ js }) => js).join(',')})`,
      go: `(list ${layers.map(({ go }) => go).join(' ')})`,
      layers,
    }),
  );
}

/** The value of one key. */
export function entry<T>(open: OpenMap<T>, key: string): Optional<T> {
  if (!isSymbolic(open)) {
    const entries = opened<Record<string, T>>(open);
    return opened<Optional<T>>(Object.hasOwn(entries, key) ? entries[key] : undefined);
  }
  const map = expressionOf(open);
  const layers = map.layers ?? [map];
  const { schema } = layers[0] ?? map;
  if (!(schema instanceof z.ZodRecord)) throw new TypeError(`${map.js} is not a z.record`);
  const { schema: value } = unwrap(schema.valueType);
  const name = goText(key);
  const go = layers
    .map((layer) => layer.go)
    .reduce(
      (below, layer) =>
        below === ''
          ? `(index ${layer} ${name})`
          : `(ternary (index ${layer} ${name}) ${below} (hasKey ${layer} ${name}))`,
      '',
    );
  const js = `(Object.hasOwn(${map.js},${JSON.stringify(key)})?${map.js}[${JSON.stringify(key)}]:undefined)`;
  return opened<Optional<T>>(symbolOf(value, true, { js, go }));
}

/** Quantities with fixed entries, which win; absent when empty. */
export function quantities(
  open: OpenMap<string | number>,
  fixed: Record<string, string> = {},
): Record<string, k8s.Quantity> | undefined {
  const wrapped = Object.entries(fixed).map(([key, value]) => [key, k8s.Quantity.fromString(value)] as const);
  if (isSymbolic(open)) return standIn<k8s.Quantity>(expressionOf(open), Object.fromEntries(wrapped), true);
  const own = Object.entries(opened<Record<string, string | number>>(open)).map(
    ([key, value]) => [key, k8s.Quantity.fromString(String(value))] as const,
  );
  return nonEmpty(Object.fromEntries([...own, ...wrapped]));
}

const nonEmpty = <T>(entries: Record<string, T>): Record<string, T> | undefined =>
  Object.keys(entries).length > 0 ? entries : undefined;

/** The resolver drops its key when the map is empty. A copy has only its keys: the object around them always exists. */
export class OpenPart {
  readonly #whole: Readonly<Record<string, unknown>>;

  constructor(whole: Readonly<Record<string, unknown>>, copied: Readonly<Record<string, unknown>>) {
    this.#whole = whole;
    Object.assign(this, copied);
  }

  whole(): Readonly<Record<string, unknown>> {
    return this.#whole;
  }
}

function standIn<T>(expression: Expression, fixed: Record<string, T> = {}, asText = false): Record<string, T> {
  for (const { schema, js } of expression.layers ?? [expression]) {
    if (schema instanceof z.ZodRecord) expectWhole(schema.valueType, `${js}.*`);
  }
  const defined = Object.fromEntries(Object.entries(fixed).filter(([, value]) => value !== undefined));
  const issue = (isCopied: boolean): string =>
    placeholders().issue({ kind: 'map', expression, asText, fixed: Object.keys(defined), isCopied });
  const [whole, copied] = [issue(false), issue(true)];
  placeholders().pair(whole, copied);
  const entryOf = (key: string): Record<string, unknown> => ({ [key]: asText ? k8s.Quantity.fromString(key) : key });
  return opened<Record<string, T>>(new OpenPart({ ...entryOf(whole), ...defined }, { ...entryOf(copied), ...defined }));
}
