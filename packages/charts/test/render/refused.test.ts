import { ApiObject, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { z } from 'zod';
import {
  defineChart,
  each,
  hasItem,
  include,
  list,
  map,
  merge,
  named,
  optional,
  spread,
  textFunction,
  type View,
  when,
} from '../../src';

/** A chart refuses constructs whose renderings would differ, with the construct or the value and a fix. */

const S = z.strictObject;
const words = () => z.record(z.string(), z.string());
const schema = S({
  text: z.string(),
  number: z.int(),
  on: z.boolean(),
  labels: words(),
  list: z.array(S({ name: z.string(), proto: z.string().default('TCP'), note: z.string().nullable() })),
  anything: z.record(z.string(), z.unknown()),
  listed: z.record(z.enum(['a', 'b']), z.string()),
  one: S({ a: z.string().default('x') }).optional(),
});
type Values = View<z.output<typeof schema>>;

const object = (scope: Construct, spec: unknown, metadata: object = {}, id = 'o') =>
  new ApiObject(scope, id, { apiVersion: 'v1', kind: 'O', metadata: { name: id, ...metadata }, spec });

const chartOf = (constructs: (scope: Construct, view: Values) => void) =>
  defineChart({ name: 'c', schema, constructs });

const first = textFunction('twice', (one: string) => one, '{{ . }}');
const second = textFunction('twice', (one: string) => `${one}!`, '{{ . }}!');

it.each<[string, (scope: Construct, view: Values) => void, string]>([
  [
    'an entry before an open map',
    (s, v) => object(s, { m: { app: 'x', ...map(v.labels) } }),
    'c/o: spec.m.app is before the open map v.labels, which may hide it. Fix: use merge(map, {…})',
  ],
  [
    'the same in metadata',
    (s, v) => object(s, {}, { labels: { app: 'x', ...map(v.labels) } }),
    'c/o: labels.app is before the open map v.labels, which may hide it. Fix: use merge(map, {…})',
  ],
  [
    'an open map that is copied',
    (s, v) => object(s, { m: { ...map(v.labels) } }),
    'c/o: the open map v.labels was copied',
  ],
  [
    'an open map copied beside what is there on a condition',
    (s, v) => object(s, { m: { ...merge(v.labels, {}), a: when(v.on, 'x') } }),
    'the open map v.labels was copied',
  ],
  ['JSON of a text', (s, v) => object(s, { x: JSON.stringify({ a: v.text }) }), 'c/o: JSON.stringify cannot escape'],
  [
    'JSON of a number',
    (s, v) => object(s, { x: JSON.stringify({ a: v.number }) }),
    'v.number has no value before the chart is used, so JSON.stringify cannot print it',
  ],
  [
    'a change of another resource in include',
    (s, v) => {
      const other = object(s, {});
      include(s, v.on, () => {
        other.metadata.addLabel('a', 'b');
      });
    },
    'c/o is changed inside include',
  ],
  [
    'include for each item',
    (s, v) => object(s, { x: each(v.list, (one) => (include(s, v.on, () => undefined), one.name)) }),
    'c: include inside each: a chart cannot make a resource for each item',
  ],
  [
    'a resource for each item',
    (s, v) => void each(v.list, () => object(s, {})),
    'an object of the class ApiObject cannot depend on a condition or a list',
  ],
  [
    'an item outside of its loop',
    (s, v) => {
      let last = '';
      object(s, { x: each(v.list, (one) => (last = one.name)), last });
    },
    'c/o: $list',
  ],
  [
    'an item in another loop over the same list',
    (s, v) => {
      let last = '';
      object(s, { x: each(v.list, (one) => (last = one.name)), y: each(v.list, (one) => ({ n: one.name, last })) });
    },
    'is an item of a list. Fix: use it only inside the each that passes it',
  ],
  ['a Chart in the chart', (s) => object(new Chart(s, 'inner'), {}), 'c/inner is a Chart in a Chart'],
  ['items with defaults as a whole', (s, v) => object(s, { x: spread(v.list) }), 'v.list[].proto has a default'],
  ['the same as a list', (s, v) => object(s, { x: list(v.list) }), 'v.list[].proto has a default'],
  ['an object with defaults as a whole', (s, v) => object(s, { x: optional(v.one) }), 'v.one.a has a default'],
  ['a map of anything', (s, v) => object(s, { x: map(v.anything) }), 'v.anything.* may be null'],
  [
    'a map whose keys are listed',
    (s, v) => object(s, { x: v.listed }),
    'v.listed: a z.record whose keys are listed. Fix: use z.strictObject',
  ],
  [
    'some item by a key with a default',
    (s, v) => object(s, { x: when(hasItem(v.list, 'proto', 'x'), 'y') }),
    'hasItem(v.list, proto)',
  ],
  [
    'two functions of one name',
    (s, v) => object(s, { a: first(v.text), b: second(v.text) }),
    'two different functions are named twice',
  ],
  [
    'a function and a part of one name',
    (s, v) => object(s, { a: first(v.text), b: named('twice', { x: 'y' }) }),
    'a function and a part both have the name twice',
  ],
  ['a part with an odd name', (s) => object(s, { a: named('x"y', { x: 'y' }) }), '"x\\"y" is not a name for a part'],
  [
    'nothing on a condition',
    (s, v) => {
      object(s, { a: v.text });
      object(s, { a: when(v.on, {}) }, {}, 'p');
    },
    '(in the chart c, after the construct c/o)',
  ],
  [
    'a list in metadata whose items are there on a condition',
    (s, v) => object(s, {}, { finalizers: each(v.list, (one) => when(v.on, one.name)) }),
    'c/o: a list in metadata whose items are all on conditions, in a loop: cdk8s leaves it out when it is empty',
  ],
])('a chart refuses %s', (_, constructs, message) => {
  expect(() => chartOf(constructs).templates()).toThrow(message);
});

it.each(['short-name', 'a.b', '', '1a', 'hasEntries', 'hasItem'])('a function cannot be named %j', (name) => {
  expect(() => textFunction(name, (one: string) => one, '{{ . }}')).toThrow('is not a name for a function');
});

it('a Chart in the chart is refused for concrete values too', () => {
  const chart = defineChart({ name: 'c', schema: S({}), constructs: (s) => object(new Chart(s, 'inner'), {}) });
  expect(() => chart.objects({})).toThrow('c/inner is a Chart in a Chart');
});

it('labels that constructs add after an open map win over it', () => {
  const chart = chartOf((s, v) => {
    object(s, {}, { labels: map(v.labels) }).metadata.addLabel('app', 'fixed');
  });
  expect(() => chart.templates()).not.toThrow();
});

it('an empty namespace is none', () => {
  const chart = defineChart({ name: 'c', schema: S({}), constructs: (s) => object(s, { a: 'b' }) });
  expect(chart.objects({}, '')[0]?.metadata).toEqual({ name: 'o' });
  expect(chart.text({}, '')).not.toContain('namespace');
});

describe('the values of a chart', () => {
  const chart = defineChart({
    name: 'c',
    schema: S({
      l: words().default({ team: 'x' }),
      host: z.string().optional(),
      must: z.string().nullable(),
      r: S({ a: z.string(), b: z.string() }).default({ a: '1', b: '2' }),
    }),
    constructs: () => undefined,
  });

  it('are completed key by key, without nulls of absent values', () => {
    expect(chart.values({ l: { a: 'b' }, host: null, must: null, r: { a: '3' } })).toEqual({
      l: { team: 'x', a: 'b' },
      must: null,
      r: { a: '3', b: '2' },
    });
    expect(chart.values({ l: { team: null }, must: 'm' })).toEqual({ l: {}, must: 'm', r: { a: '1', b: '2' } });
  });

  it.each([[{ l: null }], [{ r: null }], [{ r: { a: null } }]])('may not remove a default by null: %j', (given) => {
    expect(() => chart.values({ must: 'm', ...given })).toThrow('null removes the default');
  });

  it('match the schema', () => {
    expect(() => chart.values({ must: 1 })).toThrow();
    expect(() => chart.values('x')).toThrow();
  });
});
