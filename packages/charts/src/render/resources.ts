import { ApiObject, App, Chart, DependencyGraph, type IResolver, type ResolutionContext } from 'cdk8s';
import type { Construct } from 'constructs';
import type { z } from 'zod';
import { type Expression, ROOT } from '../view/expression';
import { type PureFunction, takeUsedFunctions } from '../view/functions';
import { type Placeholders, withPlaceholders, hasPlaceholder, placeholders } from '../view/placeholders';
import { symbol, symbolicView, Symbolic } from '../view/symbolic';
import type { View } from '../view/view';
import { conditionsOf } from '../view/when';
import type { Manifest } from '../yaml/document';
import { decode } from './decode';
import { expectDeclared, expectInScope, type Operation } from './ir';
import { lower } from './lower';
import { OpenPart } from '../view/maps';

/** Makes the objects of a release. */
export type Constructs<V> = (scope: Construct, view: View<V>) => void;

export function concreteManifests<V>(
  name: string,
  constructs: Constructs<V>,
  view: View<V>,
  namespace = '',
): Manifest[] {
  const chart = new Chart(new App(), name, namespace === '' ? {} : { namespace });
  constructs(chart, view);
  expectOneChart(chart);
  return (chart.toJson() as Manifest[]).map(withoutNullItems);
}

/** cdk8s prints null items of lists, charts drop them. */
const withoutNullItems = (manifest: Manifest): Manifest =>
  Object.fromEntries(
    Object.entries(manifest).map(([key, value]) => [key, withoutNulls(value, key === 'metadata')]),
  ) as unknown as Manifest;

/** @param isPruned true in metadata, where cdk8s also leaves out empty mappings and lists */
function withoutNulls(value: unknown, isPruned: boolean): unknown {
  const isThere = (child: unknown): boolean => child !== undefined && child !== null && !(isPruned && isEmpty(child));
  if (Array.isArray(value)) {
    const items = value.map((item) => withoutNulls(item, isPruned));
    return items.filter((item) => item !== undefined && item !== null);
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, child]) => [key, withoutNulls(child, isPruned)] as const)
      .filter(([, child]) => isThere(child)),
  );
}

const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;

export interface Resource {
  readonly kind: string;
  readonly id: string;
  /** Ids of the construct and its parents: unique in the chart. */
  readonly path: string;
  readonly operations: readonly Operation[];
  readonly conditions: readonly Expression[];
}

export interface SymbolicResources {
  readonly resources: readonly Resource[];
  readonly functions: readonly PureFunction[];
}

const NAMESPACE: Expression = { type: 'text', js: 'n', go: `${ROOT}.Release.Namespace` };

/** @throws Error with the path of the construct when the chart cannot be printed */
export function symbolicResources<V>(
  name: string,
  schema: z.ZodType<V>,
  constructs: Constructs<V>,
  isNamespaced: boolean,
): SymbolicResources {
  takeUsedFunctions();
  const resources = withPlaceholders((placeholders) => {
    const app = new App({ resolvers: [symbolResolver] });
    const chart = new Chart(app, name, isNamespaced ? { namespace: symbol(NAMESPACE) as string } : {});
    try {
      constructs(chart, symbolicView(schema) as View<V>);
    } catch (error) {
      const last = chart.node.findAll().at(-1)?.node.path ?? name;
      throw new Error(`${(error as Error).message} (in the chart ${name}, after the construct ${last})`, {
        cause: error,
      });
    }
    expectOneChart(chart);
    const decoded = objectsOf(chart).map((object) => resourceOf(object, placeholders));
    placeholders.expectAllFound();
    return decoded;
  });
  return { resources, functions: takeUsedFunctions() };
}

function resourceOf(object: ApiObject, placeholders: Placeholders): Resource {
  const { path, id } = object.node;
  const node = decode(object.toJson(), placeholders, path);
  const operations = withPath(path, () => lower(node));
  const conditions = conditionsOf(object);
  expectInScope(operations, path);
  for (const each of conditions) expectDeclared(each, path);
  return { kind: object.kind, id, path: path.split('/').slice(1).join('-'), operations, conditions };
}

function withPath<T>(path: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`, { cause: error });
  }
}

function expectOneChart(chart: Chart): void {
  const [inner] = chart.node.findAll().filter((node) => node !== chart && Chart.isChart(node));
  if (inner !== undefined)
    throw new Error(
      `${inner.node.path} is a Chart in a Chart, which cdk8s renders separately. Fix: make it a Construct`,
    );
}

const objectsOf = (chart: Chart): ApiObject[] =>
  new DependencyGraph(chart.node).topology().filter((node): node is ApiObject => ApiObject.isApiObject(node));

/** cdk8s resolves mappings in the order of the source only here. */
const symbolResolver: IResolver = {
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
