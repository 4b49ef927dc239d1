import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import {
  choose,
  defineChart,
  each,
  entry,
  hasItem,
  include,
  isSet,
  map,
  merge,
  named,
  not,
  optional,
  orElse,
  overlay,
  present,
  spread,
  text,
  type View,
  when,
} from '@dozlab/charts';
import { temporaryFolder } from '../support/project';
import { bareChart, HELMS, objectsIn, sorted, template, writeFiles } from './helm';

/** Small structures that once gave different results. */

const port = z.strictObject({ name: z.string(), tags: z.array(z.string()) });
const schema = z.strictObject({
  text: z.string(),
  number: z.int(),
  truth: z.boolean(),
  ports: z.array(port),
  defaults: z.array(z.string()),
  os: z.array(z.string()),
  lists: z.array(z.array(z.string())),
  a: z.record(z.string(), z.string()),
  b: z.record(z.string(), z.string()),
  c: z.record(z.string(), z.string()),
  words: z.array(z.string()).optional(),
  map: z.record(z.string(), z.string()).optional(),
  nothing: z.string().nullable(),
  limits: z.strictObject({ cpu: z.string(), count: z.int() }).optional(),
  absent: z.string().optional(),
});
type Values = z.output<typeof schema>;

const values: Values = {
  text: 'fixed',
  number: 80,
  truth: false,
  ports: [
    { name: 'a', tags: ['1', '2'] },
    { name: 'b', tags: [] },
  ],
  defaults: ['x'],
  os: ['1', 'y'],
  lists: [['a'], ['b', 'c'], []],
  a: { k: 'a', l: 'a' },
  b: { k: 'b' },
  c: {},
  words: ['1', 'b'],
  map: { x: '1' },
  nothing: null,
  limits: { cpu: '1', count: 2 },
};

const STRUCTURES: Readonly<Record<string, (view: View<Values>) => unknown>> = {
  'a loop in a loop over the same list': (v) =>
    each(v.ports, (p) => ({ name: p.name, o: each(v.ports, (q) => ({ a: p.name, b: q.name })) })),
  'loops three deep': (v) =>
    each(v.ports, (p) => ({
      n: p.name,
      o: each(p.tags, (t) => ({ t, o: each(v.ports, (q) => ({ p: p.name, t, q: q.name })) })),
    })),
  'lists whose items are words of JavaScript': (v) => ({
    d: each(v.defaults, (x) => x),
    o: each(v.os, (x) => `-${x}`),
    i: spread(v.os),
  }),
  'lists of lists': (v) => each(v.lists, (inner) => each(inner, (word) => word)),
  'lists that may be absent': (v) => ({ words: optional(v.words), map: optional(v.map), limits: optional(v.limits) }),
  'a member of what may be absent': (v) => ({
    cpu: when(isSet(v.limits), () => present(v.limits).cpu),
    none: optional(v.absent),
    null: optional(v.nothing),
  }),
  'an empty merge': (v) => ({ empty: merge(v.c, {}), full: merge(v.a, { k: 'x' }) }),
  'a named part that may be empty': (v) => ({
    y: named('part', { x: when(v.truth, 'on') }),
    z: named('other', { x: when(not(v.truth), 'on') }),
  }),
  'a named part in a loop': (v) => each(v.ports, (p) => ({ part: named('port', { name: p.name, all: v.text }) })),
  'overlays of overlays': (v) => ({
    all: map(overlay(overlay(v.a, v.b), v.c)),
    k: orElse(entry(overlay(v.a, v.b), 'k'), 'none'),
    l: orElse(entry(overlay(v.a, v.b), 'l'), 'none'),
  }),
  'an entry that every object has': (v) => ({
    none: orElse(entry(v.a, 'toString'), 'none'),
    x: optional(entry(v.a, 'constructor')),
  }),
  'a word with a meaning in patterns': (v) => ({
    dot: choose(hasItem(v.ports, 'name', '.'), 'yes', 'no'),
    a: choose(hasItem(v.ports, 'name', 'a'), 'yes', 'no'),
  }),
  'numbers and truth values in text': (v) => ({
    n: `${v.number}`,
    m: `${v.number}-${v.number}`,
    raw: v.number,
    t: text(v.number),
  }),
};

const METADATA: Readonly<Record<string, (view: View<Values>) => object>> = {
  'empty lists': (v) => ({
    finalizers: [...when.item(v.truth, 'x')],
    ownerReferences: each(v.ports, (p) => ({ name: p.name })),
  }),
  'empty mappings, deep': (v) => ({
    foo: { bar: { x: when(v.truth, 'y') } },
    annotations: map(v.c),
    labels: { a: when(v.truth, 'b') },
  }),
};

const chartOf = (build: (scope: Construct, view: View<Values>) => void) =>
  defineChart({ name: 'odd', schema, constructs: build });

const charts = {
  ...Object.fromEntries(
    Object.entries(STRUCTURES).map(([name, build]) => [
      name,
      chartOf((scope, view) => {
        new ApiObject(scope, 'o', {
          apiVersion: 'v1',
          kind: 'O',
          metadata: { name: 'o' },
          spec: { part: build(view) },
        });
      }),
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(METADATA).map(([name, build]) => [
      `metadata: ${name}`,
      chartOf((scope, view) => {
        new ApiObject(scope, 'o', { apiVersion: 'v1', kind: 'O', metadata: { name: 'o', ...build(view) } });
      }),
    ]),
  ),
  'resources with the same id in different places': chartOf((scope, view) => {
    for (const place of ['web', 'db']) {
      const inner = new Construct(scope, place);
      include(inner, not(view.truth), () => {
        new ApiObject(inner, 'main', {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: `${place}-${view.text}` },
        });
      });
    }
  }),
};

const data = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;
const OTHERS: readonly Partial<Values>[] = [
  {},
  { truth: true, ports: [], words: [], lists: [], c: { z: '1' } },
  { limits: undefined, words: undefined, map: undefined, a: {}, b: {} },
];

describe.each(Object.keys(charts))('%s', (name) => {
  const chart = charts[name as keyof typeof charts];
  const all = OTHERS.map((other) => schema.parse({ ...values, ...other }));

  it('the compiled text reads as the objects', () => {
    for (const each of all) expect(data(objectsIn(chart.text(each)))).toEqual(data(chart.objects(each)));
  });

  it.each(HELMS)('%s renders the objects', async (program) => {
    const folder = writeFiles(temporaryFolder(), bareChart('odd', chart.templates(), {}));
    for (const each of all) {
      const file = join(folder, 'given.json');
      writeFileSync(file, JSON.stringify(each));
      expect(data(sorted(objectsIn(await template(program, folder, file))))).toEqual(
        data(sorted(chart.objects(each) as never)),
      );
    }
  });
});

it.each<[string, (view: View<Values>) => unknown]>([
  ['a list', (v) => v.ports],
  ['what may be absent', (v) => v.absent],
  ['what may be absent, in text', (v) => v.absent],
  ['a map', (v) => v.a],
  ['arithmetic', (v) => v.number + 1],
])('refuses %s where a value belongs', (_, build) => {
  const chart = chartOf((scope, view) => {
    new ApiObject(scope, 'o', { apiVersion: 'v1', kind: 'O', metadata: { name: 'o' }, spec: { part: build(view) } });
  });
  expect(() => chart.templates()).toThrow(/Fix: use /);
});
