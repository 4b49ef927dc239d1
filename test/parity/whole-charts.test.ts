import { ApiObject } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import {
  type ChartDefinition,
  choose,
  defineChart,
  each,
  entry,
  hasItem,
  include,
  is,
  isSet,
  map,
  merge,
  named,
  optional,
  orElse,
  overlay,
  present,
  text,
  type View,
  when,
} from '@dozlab/charts';
import { temporaryFolder } from '../support/project';
import { HELMS, objectsIn, sorted, template, writeFiles } from './helm';

/** Whole charts, with schema, values.yaml and templates, that once gave different results. */

const S = z.strictObject;
const words = () => z.record(z.string(), z.string());

const object = (scope: Construct, spec: unknown, id = 'o', metadata: object = {}) =>
  new ApiObject(scope, id, { apiVersion: 'v1', kind: 'O', metadata: { name: id, ...metadata }, spec });

interface Whole {
  readonly chart: Omit<ChartDefinition<unknown>, 'printer'>;
  readonly inputs: readonly unknown[];
}

const whole = <T extends z.ZodType>(
  schema: T,
  constructs: (scope: Construct, view: View<z.output<T>>) => void,
  ...inputs: readonly z.input<T>[]
): Whole => ({ chart: defineChart({ name: 'c', schema, constructs }), inputs });

const item = S({ name: z.string(), on: z.boolean(), labels: words() });
const off = { name: 'b', on: false, labels: { fixed: 'L' } };
const on = { name: 'a', on: true, labels: { fixed: 'L', z: '1' } };
const inner = S({ name: z.string(), inner: S({ name: z.string() }).optional(), tags: words().optional() });

const CHARTS: Readonly<Record<string, Whole>> = {
  'defaults in the items of a list': whole(
    S({
      p: z
        .array(
          S({
            name: z.string(),
            proto: z.enum(['TCP', 'UDP']).default('TCP'),
            tags: z.array(z.string()).default(['x']),
            deep: S({ n: z.int().default(3) }).prefault({}),
            labels: words().default({ a: 'b' }),
          }),
        )
        .default([]),
    }),
    (s, v) =>
      object(s, {
        p: each(v.p, (p) => ({
          n: p.name,
          proto: text(p.proto),
          t: each(p.tags, (t) => t),
          d: p.deep.n,
          l: map(p.labels),
        })),
      }),
    { p: [{ name: 'a' }, { name: 'b', proto: 'UDP', tags: [], deep: { n: 4 }, labels: {} }] },
    {},
  ),
  'defaults in an optional object': whole(
    S({ l: S({ cpu: z.string().default('1'), mem: z.string() }).optional() }),
    (s, v) => object(s, { l: when(isSet(v.l), () => ({ cpu: present(v.l).cpu, mem: present(v.l).mem })) }),
    {},
    { l: { mem: '1' } },
  ),
  'defaults of objects as a whole, before checks and of maps': whole(
    S({
      r: S({ cpu: z.string(), mem: z.string() }).default({ cpu: '1', mem: '2' }),
      s: z.string().prefault('x'),
      l: words().default({ team: 'x' }),
    }),
    (s, v) => object(s, { r: { c: v.r.cpu, m: v.r.mem }, s: v.s, l: map(v.l) }),
    {},
    { r: { cpu: '5', mem: '6' }, s: 'y', l: { a: 'b' } },
  ),
  'descriptions with line breaks': whole(
    S({ x: z.string().default('a').describe('first\nsecond: line\r\u2028third\u0085') }),
    (s, v) => object(s, { x: v.x }),
    {},
  ),
  'patterns that Go spells otherwise': whole(
    S({ a: z.string().regex(/^[\u00e0-\u00ff\s]+$/), b: z.string().regex(/^[a-z]+$/i), c: z.email(), d: z.url() }),
    (s, v) => object(s, { a: v.a, b: v.b, c: v.c, d: v.d }),
    { a: 'é\u00a0', b: 'ABC', c: 'a@b.co', d: 'http://b.co/a' },
  ),
  'literals and their unions': whole(
    S({
      a: z.literal('a'),
      b: z.union([z.literal('x'), z.literal('y')]),
      n: z.enum({ A: 1, B: 2 }),
      r: z.string().readonly(),
    }),
    (s, v) => object(s, { a: text(v.a), b: choose(is(v.b, 'x'), '1', '2'), n: v.n, r: v.r }),
    { a: 'a', b: 'y', n: 1, r: 'r' },
  ),
  'merges of what is there on a condition': whole(
    S({ on: z.boolean(), l: words() }),
    (s, v) =>
      object(s, { a: merge(v.l, { fixed: when(v.on, 'F') }), b: merge(v.l, when.entries(v.on, { k: '1' })), z: 1 }),
    { on: false, l: {} },
    { on: false, l: { fixed: 'own', k: 'own' } },
    { on: true, l: { fixed: 'own' } },
  ),
  'items of a loop that are there on a condition': whole(
    S({ p: z.array(item), note: z.string().optional() }),
    (s, v) =>
      object(s, {
        x: each(v.p, (p) => when(p.on, { n: p.name, y: each(v.p, (q) => when(q.on, { z: q.name })) })),
        y: ['first', ...each(v.p, (p) => when(p.on, p.name))],
        z: [optional(v.note), 'last', null, undefined],
      }),
    { p: [] },
    { p: [off, off] },
    { p: [off, on], note: 'n' },
  ),
  'lists named like the variables of other loops': whole(
    S({ keys: z.array(item), values: z.array(item), l: words() }),
    (s, v) =>
      object(s, {
        k: each(v.keys, (q) => ({ n: q.name, l: merge(q.labels, { fixed: when(q.on, 'F') }) })),
        v: each(v.values, (q) => ({ n: q.name, l: map(overlay(v.l, q.labels)) })),
      }),
    { keys: [on, off], values: [on, off], l: { z: '0' } },
  ),
  'some item with a text': whole(
    S({ p: z.array(inner), odd: z.array(S({ 'a.b': z.string(), axb: z.string().optional() })), word: z.string() }),
    (s, v) => {
      const has = (word: string): string => choose(hasItem(v.p, 'name', word), 'y', 'n');
      object(s, {
        a: has('a<b'),
        b: has('in'),
        c: has('\u2028"\\'),
        w: has(v.word),
        d: choose(hasItem(v.odd, 'a.b', 'x'), 'y', 'n'),
      });
    },
    { p: [{ name: 'a<b' }, { name: '\u2028"\\' }], odd: [{ 'a.b': 'q', axb: 'x' }], word: 'q' },
    { p: [{ name: 'q', inner: { name: 'in' }, tags: { name: 'in' } }], odd: [{ 'a.b': 'x' }], word: 'q' },
  ),
  'resources whose places make the same name': whole(
    S({ n: z.string() }),
    (s, v) => {
      object(new Construct(s, 'a-b'), { x: v.n }, 'x', { name: 'one' });
      object(new Construct(new Construct(s, 'a'), 'b'), { x: v.n }, 'x', { name: 'two' });
      object(s, {}, 'a-b-x', { name: 'three' });
      object(s, {}, 'O', { name: 'four' });
    },
    { n: 'n' },
  ),
  'a kind that is chosen': whole(
    S({ on: z.boolean() }),
    (s, v) =>
      new ApiObject(s, 'r', { apiVersion: 'v1', kind: choose(v.on, 'Role', 'ClusterRole'), metadata: { name: 'r' } }),
    { on: true },
    { on: false },
  ),
  'resources that include makes elsewhere': whole(
    S({ on: z.boolean() }),
    (s, v) => {
      include(new Construct(s, 'w'), v.on, () => object(s, {}, 'r'));
    },
    { on: true },
    { on: false },
  ),
  'a named part of metadata that may be empty': whole(
    S({ on: z.boolean() }),
    (s, v) => object(s, {}, 'o', { labels: named('labels', { a: when(v.on, 'x') }) }),
    { on: true },
    { on: false },
  ),
  'entries that are objects, lists and truth values': whole(
    S({
      o: z.record(z.string(), S({ a: z.string() })),
      l: z.record(z.string(), z.array(z.string())),
      t: z.record(z.string(), z.boolean()),
    }),
    (s, v) =>
      object(s, {
        o: optional(entry(v.o, 'k')),
        a: when(isSet(entry(v.o, 'k')), () => present(entry(v.o, 'k')).a),
        l: optional(entry(v.l, 'k')),
        t: when(isSet(entry(v.t, 'k')), () => when(present(entry(v.t, 'k')), 'on')),
        all: map(v.o),
      }),
    { o: {}, l: {}, t: {} },
    { o: { k: { a: '1' } }, l: { k: ['1', '2'] }, t: { k: true } },
  ),
  'a member of what may be absent, in a choice': whole(
    S({ sub: S({ m: z.string(), deep: S({ n: z.string() }).optional() }).optional() }),
    (s, v) =>
      object(s, {
        x: choose(isSet(v.sub), () => present(v.sub).m, 'none'),
        y: when(isSet(v.sub), () => choose(isSet(present(v.sub).deep), () => present(present(v.sub).deep).n, 'none')),
      }),
    {},
    { sub: { m: 'a' } },
    { sub: { m: 'a', deep: { n: 'b' } } },
  ),
  "values named like methods of Helm's values": whole(
    S({ YAML: z.string(), Table: z.string(), AsMap: S({ Encode: z.string() }) }),
    (s, v) => object(s, { a: v.YAML, b: v.Table, c: v.AsMap.Encode }),
    { YAML: 'a', Table: 'b', AsMap: { Encode: 'c' } },
  ),
  'null for what may be absent': whole(
    S({ host: z.string().optional(), o: S({ a: z.enum(['x', 'y']).optional(), l: words().optional() }).prefault({}) }),
    (s, v) => object(s, { h: optional(v.host), a: orElse(v.o.a, 'none'), l: optional(v.o.l) }),
    { host: null, o: { a: null, l: null } } as never,
    { host: 'h', o: { a: 'x', l: { k: 'v' } } },
  ),
  'optional lists and maps in classes of the Kubernetes API': whole(
    S({ args: z.array(z.string()).optional(), l: words().optional(), port: z.int(), on: z.boolean() }),
    (s, v) => {
      new k8s.KubePod(s, 'p', {
        metadata: { name: 'p', labels: optional(v.l) },
        spec: { containers: [{ name: 'c', args: optional(v.args) }], nodeSelector: optional(v.l) },
      });
      const targetPort = (): k8s.IntOrString => k8s.IntOrString.fromNumber(v.port);
      new k8s.KubeService(s, 's', {
        metadata: { name: 's' },
        spec: {
          ports: [
            { port: v.port, targetPort: targetPort() },
            ...when.item(v.on, { port: 1, targetPort: targetPort() }),
          ],
        },
      });
    },
    { port: 5, on: true },
    { args: ['a'], l: { k: 'v' }, port: 5, on: false },
    { args: [], l: {}, port: 5, on: false },
  ),
};

const data = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;

describe.each(Object.entries(CHARTS))('%s', (_, { chart, inputs }) => {
  it('the compiled text reads as the objects', () => {
    for (const input of inputs) {
      const values = chart.values(input);
      expect(data(objectsIn(chart.text(values)))).toEqual(data(chart.objects(values)));
    }
  });

  it.each(HELMS)('%s renders the objects', async (program) => {
    const folder = writeFiles(temporaryFolder(), chart.files({ version: '1.0.0', description: 'x' }));
    for (const input of inputs) {
      const file = join(folder, 'given.json');
      writeFileSync(file, JSON.stringify(input));
      expect(data(sorted(objectsIn(await template(program, folder, file))))).toEqual(
        data(sorted(chart.objects(chart.values(input)))),
      );
    }
  });
});
