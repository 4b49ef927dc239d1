import type { Manifest } from '@dozlab/charts/yaml';
import { shownPath } from '../core/redact';
import { at, isMapping, listAt, type Mapping, type Path } from '@dozlab/charts/schema';
import { withoutApiDefaults } from './api-defaults';
import { isSameQuantity } from './same-quantity';
import { reasonOf } from './reasons';

/** One thing in which a migrated session is not as its original was. */
export interface Difference {
  /** Kind of the object. */
  readonly object: string;
  /** Field of the object; empty for all of it. Items of lists go by their names. */
  readonly path: string;
  readonly change: 'lost' | 'added' | 'changed';
  /** What it was and what it is, where that can be shown. */
  readonly was?: string;
  readonly is?: string;
  readonly reason: string;
}

/**
 * All differences between the objects of a session as they were and as they are rendered.
 * @param originals the Pod and the Service, without what the API server adds
 */
export function compareObjects(originals: readonly Mapping[], rendered: readonly Manifest[]): Difference[] {
  const differences: Difference[] = [];
  const compared = new Set<Manifest>();
  for (const original of originals) {
    const kind = at(original, ['kind']) === 'Service' ? 'Service' : 'Pod';
    const counterpart = rendered.find((each) => each.kind === kind || (kind === 'Pod' && each.kind === 'Deployment'));
    if (counterpart === undefined) {
      differences.push(difference(kind, [], 'lost'));
      continue;
    }
    compared.add(counterpart);
    if (counterpart.kind !== kind) differences.push(difference(kind, ['kind'], 'changed', kind, counterpart.kind));
    const pod = originals.find((each) => each['kind'] === 'Pod');
    const [was, is] = [original, shapeOf(counterpart)].map((each) => comparable(each, pod));
    for (const part of ['metadata', 'spec'])
      differences.push(...compare(kind, [part], at(was, [part]), at(is, [part])));
  }
  for (const other of rendered) if (!compared.has(other)) differences.push(difference(other.kind, [], 'added'));
  return differences;
}

/** The pod of a Deployment, with the name of the Deployment, in place of it. */
function shapeOf(manifest: Manifest): Mapping {
  const template = at(manifest, ['spec', 'template']);
  const object = manifest.kind === 'Deployment' && isMapping(template) ? template : (manifest as unknown as Mapping);
  const metadata = { ...(object['metadata'] as Mapping), name: manifest.metadata.name };
  return withoutApiDefaults({ ...object, kind: manifest.kind === 'Deployment' ? 'Pod' : manifest.kind, metadata });
}

/** Keys that tell the items of a list apart. */
const ITEM_KEYS = ['mountPath', 'name', 'key'];

/** An object whose lists of things with names are mappings, and whose ports are numbers. */
function comparable(object: Mapping, pod: Mapping | undefined): unknown {
  const ports = new Map<unknown, unknown>();
  for (const container of listAt(pod ?? object, ['spec', 'containers']))
    for (const port of listAt(container, ['ports'])) ports.set(at(port, ['name']), at(port, ['containerPort']));
  return byName(object, '', ports);
}

function byName(value: unknown, key: string, ports: ReadonlyMap<unknown, unknown>): unknown {
  if (['port', 'targetPort'].includes(key) && ports.has(value)) return ports.get(value);
  if (Array.isArray(value)) {
    const items = value.map((item) => byName(item, '', ports));
    if (key === 'add' || key === 'drop') return items.map(String).sort();
    const itemKey = ITEM_KEYS.find((each) => items.every((item) => at(item, [each]) !== undefined));
    const names = items.map((item) => String(at(item, [itemKey ?? ''])));
    if (itemKey === undefined || items.length === 0 || new Set(names).size < names.length) return items;
    return Object.fromEntries(items.map((item, index) => [names[index], withoutKey(item, itemKey)]));
  }
  if (!isMapping(value)) return value;
  const entries = Object.entries(value).map(([name, child]) => [name, byName(child, name, ports)] as const);
  const named: Record<string, unknown> = Object.fromEntries(entries);
  // The API server takes the one for the other.
  if (named['targetPort'] !== undefined && named['targetPort'] === named['port']) delete named['targetPort'];
  return named;
}

const withoutKey = (item: unknown, key: string): Record<string, unknown> =>
  Object.fromEntries<unknown>(Object.entries(isMapping(item) ? item : {}).filter(([name]) => name !== key));

function compare(object: string, path: Path, was: unknown, is: unknown): Difference[] {
  if (isMapping(was) && isMapping(is)) {
    const keys = Array.from(new Set([...Object.keys(was), ...Object.keys(is)]));
    return keys.flatMap((key) => compare(object, [...path, key], at(was, [key]), at(is, [key])));
  }
  if (JSON.stringify(was) === JSON.stringify(is)) return [];
  if (isQuantityPlace(path) && isSameQuantity(was, is)) return [];
  // Below what is there on one side alone, all of it: each of its fields is to be told.
  if (was === undefined && isMapping(is)) return leaves(object, path, is, 'added');
  if (is === undefined && isMapping(was)) return leaves(object, path, was, 'lost');
  if (was === undefined) return [difference(object, path, 'added', undefined, is)];
  return [difference(object, path, is === undefined ? 'lost' : 'changed', was, is)];
}

function leaves(object: string, path: Path, value: Mapping, change: 'lost' | 'added'): Difference[] {
  const entries = Object.entries(value);
  if (entries.length === 0) return [difference(object, path, change)];
  return entries.flatMap(([key, child]) =>
    isMapping(child)
      ? leaves(object, [...path, key], child, change)
      : [difference(object, [...path, key], change, ...(change === 'lost' ? [child] : [undefined, child]))],
  );
}

const isQuantityPlace = (path: Path): boolean =>
  ['limits', 'requests'].includes(String(path.at(-2))) || path.at(-1) === 'sizeLimit';

function difference(object: string, path: Path, change: Difference['change'], was?: unknown, is?: unknown): Difference {
  const text = shownPath(path);
  const [before, after] = [shownSide(path, was), shownSide(path, is)];
  return {
    object,
    path: text,
    change,
    ...(before === undefined ? {} : { was: before }),
    ...(after === undefined ? {} : { is: after }),
    reason: reasonOf(object, text, change),
  };
}

/** What can be shown of a value: numbers, truth values, quantities, images and kinds. Any other text may be a secret. */
function shownSide(path: Path, value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return undefined;
  if (isQuantityPlace(path)) return /^[0-9.]+[A-Za-z]{0,2}$/.test(value) ? value : undefined;
  if (path.at(-1) === 'image') return /^[a-z0-9][A-Za-z0-9./:@_-]{0,127}$/.test(value) ? value : undefined;
  return path.at(-1) === 'kind' ? value : undefined;
}
