import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import fc from 'fast-check';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import {
  and,
  asBoolean,
  type Bool,
  defineChart,
  each,
  include,
  is,
  isEmpty,
  isSet,
  map,
  merge,
  not,
  optional,
  or,
  orElse,
  overlay,
  present,
  spread,
  text,
  type View,
  when,
} from '@dozlab/charts';
import { temporaryFolder } from '../support/project';
import { bareChart, forEachOf, HELMS, objectsIn, sorted, template, writeFiles } from './helm';

/** Random objects: conditions, loops and maps inside each other, in more combinations than a session has. */

const item = z.strictObject({
  name: z.string(),
  count: z.int(),
  on: z.boolean(),
  tags: z.array(z.string()),
  note: z.string().optional(),
});
const schema = z.strictObject({
  a: z.boolean(),
  b: z.boolean(),
  word: z.enum(['one', 'two']),
  text: z.string(),
  number: z.int(),
  scalar: z.union([z.string(), z.number()]),
  maybe: z.string().optional(),
  list: z.array(item),
  words: z.array(z.string()),
  map: z.record(z.string(), z.string()),
  other: z.record(z.string(), z.string()),
});
type Values = z.output<typeof schema>;
type Item = View<z.output<typeof item>>;

type Shape =
  | { kind: 'leaf'; leaf: number }
  | { kind: 'map'; entries: Shape[] }
  | { kind: 'list'; items: Shape[] }
  | { kind: 'when'; condition: number; shape: Shape }
  | { kind: 'each'; shape: Shape }
  | { kind: 'open'; way: number };

const { shape: shapes } = fc.letrec<{ shape: Shape }>((tie) => ({
  shape: fc.oneof(
    { maxDepth: 5, withCrossShrink: false },
    fc.record({ kind: fc.constant('leaf' as const), leaf: fc.nat(9) }),
    fc.record({ kind: fc.constant('map' as const), entries: fc.array(tie('shape'), { maxLength: 3 }) }),
    fc.record({ kind: fc.constant('list' as const), items: fc.array(tie('shape'), { maxLength: 3 }) }),
    fc.record({ kind: fc.constant('when' as const), condition: fc.nat(9), shape: tie('shape') }),
    fc.record({ kind: fc.constant('each' as const), shape: tie('shape') }),
    fc.record({ kind: fc.constant('open' as const), way: fc.nat(3) }),
  ),
}));

const hostile = fc.constantFrom(
  '',
  '0o17',
  'yes',
  '{{ x }}',
  'a: b',
  '"',
  '\\',
  'Zoë 🙂',
  '1e3',
  'null',
  ' - x',
  "'",
  '#',
);
const keys = fc.constantFrom('k1', 'fixed', 'null', 'yes', 'a.b/c', '0o17', 'x y');
const values: fc.Arbitrary<Values> = fc
  .record({
    a: fc.boolean(),
    b: fc.boolean(),
    word: fc.constantFrom('one' as const, 'two' as const),
    text: hostile,
    number: fc.constantFrom(0, 1, 1_000_000, 2_147_483_647, -5),
    scalar: fc.oneof(hostile, fc.constantFrom(0, 1_000_000, 12_345_678, 0.5)),
    maybe: fc.option(hostile, { nil: undefined }),
    list: fc.array(
      fc.record({
        name: hostile,
        count: fc.constantFrom(0, 1_000_000),
        on: fc.boolean(),
        tags: fc.array(hostile, { maxLength: 2 }),
        note: fc.option(hostile, { nil: undefined }),
      }),
      { maxLength: 3 },
    ),
    words: fc.array(hostile, { maxLength: 3 }),
    map: fc.dictionary(keys, hostile, { maxKeys: 3 }),
    other: fc.dictionary(keys, hostile, { maxKeys: 3 }),
  })
  .map((given) => schema.parse(JSON.parse(JSON.stringify(given))));

/** The value of a shape in a mapping or list; undefined where no leaf of it can carry a mark. */
function build(shape: Shape, view: View<Values>, loop: Item | undefined): unknown {
  switch (shape.kind) {
    case 'leaf':
      return leaf(shape.leaf, view, loop);
    case 'map':
      return Object.fromEntries(shape.entries.map((entry, index) => [`key${String(index)}`, build(entry, view, loop)]));
    case 'list':
      return shape.items.flatMap((entry) => {
        if (entry.kind === 'when')
          return when.item(condition(entry.condition, view, loop), solid(entry.shape, view, loop));
        if (entry.kind === 'each')
          return loop === undefined
            ? each(view.list, (one) => solid(entry.shape, view, one))
            : each(loop.tags, (tag) => ({ tag, also: `x-${tag}` }));
        return [solid(entry, view, loop)];
      });
    case 'when':
      return when(condition(shape.condition, view, loop), solid(shape.shape, view, loop));
    case 'each':
      return loop === undefined
        ? each(view.list, (one) => ({ inner: solid(shape.shape, view, one), name: one.name }))
        : spread(loop.tags);
    case 'open':
      return [
        () => map(view.map),
        () => merge(view.map, { fixed: 'f' }),
        () => merge(overlay(view.map, view.other), { fixed: `f-${view.text}` }),
        () => ({ inner: map(overlay(view.map, view.other)) }),
      ][shape.way]?.();
  }
}

/** A shape that has a leaf in every case, so that it can carry a mark. */
const solid = (shape: Shape, view: View<Values>, loop: Item | undefined): unknown =>
  shape.kind === 'leaf' ? leaf(shape.leaf, view, loop) : { solid: 'x', part: build(shape, view, loop) };

function leaf(which: number, view: View<Values>, loop: Item | undefined): unknown {
  const leaves = [
    () => view.text,
    () => `a-${view.text}-${String(7)}`,
    () => view.number,
    () => text(view.scalar),
    () => asBoolean(view.a),
    () => text(view.word),
    () => orElse(view.maybe, `else ${view.text}`),
    () => (loop === undefined ? 'static {{ text }}' : `${loop.name} of ${view.text}`),
    () => (loop === undefined ? 1_000_000 : loop.count),
    () => (loop === undefined ? `%s ${view.number}` : orElse(loop.note, loop.name)),
  ];
  return leaves[which]?.();
}

function condition(which: number, view: View<Values>, loop: Item | undefined): Bool {
  const conditions = [
    () => view.a,
    () => not(view.b),
    () => and(view.a, view.b),
    () => or(view.a, not(view.b)),
    () => isSet(view.maybe),
    () => is(view.word, 'two'),
    () => isEmpty(view.words),
    () => (loop === undefined ? not(isEmpty(view.list)) : loop.on),
    () => (loop === undefined ? view.b : isSet(loop.note)),
    () => (loop === undefined ? view.a : and(loop.on, view.a)),
  ];
  const made = conditions[which];
  if (made === undefined) throw new RangeError(`no condition ${String(which)}`);
  return made();
}

const SEED = Number(process.env['FC_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const STRUCTURES = Number(process.env['PARITY_STRUCTURES'] ?? 40);
const VALUES_EACH = 3;

const structures = fc.sample(fc.array(shapes, { minLength: 1, maxLength: 4 }), { seed: SEED, numRuns: STRUCTURES });

const chartOf = (parts: readonly Shape[], varying: readonly string[] = []) =>
  defineChart({
    name: 'random',
    schema,
    varying,
    constructs: (scope: Construct, view) => {
      new ApiObject(scope, 'first', {
        apiVersion: 'v1',
        kind: 'First',
        metadata: { name: 'first', annotations: map(view.map) },
        spec: Object.fromEntries(parts.map((part, index) => [`part${String(index)}`, build(part, view, undefined)])),
      });
      include(scope, or(view.a, view.b), () => {
        new ApiObject(scope, 'second', {
          apiVersion: 'v1',
          kind: 'Second',
          metadata: { name: 'second' },
          spec: { maybe: optional(view.maybe), given: when(isSet(view.maybe), present(view.maybe)) },
        });
      });
    },
  });

const data = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;

it(`compiled text reads as the objects (seed ${String(SEED)})`, () => {
  structures.forEach((parts, index) => {
    const chart = chartOf(parts);
    for (const given of fc.sample(values, { seed: SEED + index, numRuns: VALUES_EACH })) {
      try {
        expect(data(objectsIn(chart.text(given)))).toEqual(data(chart.objects(given)));
      } catch (error) {
        throw new Error(`for ${JSON.stringify(parts)} and ${JSON.stringify(given)}`, { cause: error });
      }
    }
  });
});

it(`the printer of one release prints another that differs in what varies (seed ${String(SEED)})`, () => {
  const names = fc.subarray(Object.keys(schema.shape) as (keyof Values)[]);
  structures.forEach((parts, index) => {
    const [varying = []] = fc.sample(names, { seed: SEED + index, numRuns: 1 });
    const chart = chartOf(parts, varying);
    const [first, ...others] = fc.sample(values, { seed: SEED + index, numRuns: VALUES_EACH + 1 });
    if (first === undefined) throw new Error('there are no values');
    const print = chart.printer(first);
    for (const other of [first, ...others]) {
      const given = { ...first, ...Object.fromEntries(varying.map((name) => [name, other[name]])) };
      try {
        expect(print(given)).toBe(chartOf(parts).text(given));
      } catch (error) {
        throw new Error(
          `for ${JSON.stringify(parts)}, ${varying.join()}, ${JSON.stringify(first)} and ${JSON.stringify(given)}`,
          { cause: error },
        );
      }
    }
  });
});

it.each(HELMS)(`%s renders the objects (seed ${String(SEED)})`, async (program) => {
  await forEachOf(structures, async (parts, index) => {
    const chart = chartOf(parts);
    const folder = writeFiles(temporaryFolder(), bareChart('random', chart.templates(), {}));
    for (const given of fc.sample(values, { seed: SEED + index, numRuns: VALUES_EACH })) {
      const file = join(folder, 'given.json');
      writeFileSync(file, JSON.stringify(given));
      try {
        expect(data(sorted(objectsIn(await template(program, folder, file))))).toEqual(
          data(sorted(objectsIn(chart.text(given)))),
        );
      } catch (error) {
        throw new Error(
          `for ${JSON.stringify(parts)} and ${JSON.stringify(given)}\n${chart
            .templates()
            .map(({ content }) => content)
            .join('\n')}`,
          { cause: error },
        );
      }
    }
  });
});
