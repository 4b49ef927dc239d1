import fc from 'fast-check';
import type { Mapping, Tree } from '@dozlab/charts/schema';
import { HOSTILE_TEXTS } from './hostile-texts';

const REFUSED = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/gu;

export const lineOfText = (most = 60): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constantFrom(...HOSTILE_TEXTS),
    fc.string({ unit: 'grapheme', maxLength: 20 }).map(
      (text) =>
        Array.from(text.replace(REFUSED, '').replace(/[\n\t]/g, ' '))
          .slice(0, most)
          .join('') || 'x',
    ),
  );

/** May contain newlines and tabs. */
export const linesOfText = (): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constantFrom('', '\n', '\t', '\n\n', ' \n ', 'a\n', '\na', 'a\n\n', 'a\nb\tc\\d', '\ta', 'a\n  b\n', '#\n---\n'),
    lineOfText(),
    fc.array(lineOfText(), { maxLength: 4 }).map((lines) => lines.join('\n')),
  );

/** Includes text that YAML reads as another type. */
export const labelValues = (): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constantFrom('', '0o17', 'yes', '1e3', '007', 'null', 'true', 'on', 'N', '1.0', '0x1F', '1_0', 'a'.repeat(63)),
    fc.stringMatching(/^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/),
  );

export const labelNames = (): fc.Arbitrary<string> => fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,10}[a-z0-9])?$/);

export const objectNames = (): fc.Arbitrary<string> =>
  fc.array(labelNames(), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('.'));

export const qualifiedNames = (): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constantFrom('course', 'yes', 'null', '0o17', '1e3', 'on', 'toString', 'Team_A.b', '1'),
    fc
      .tuple(objectNames(), fc.stringMatching(/^[A-Za-z0-9]([-A-Za-z0-9_.]{0,20}[A-Za-z0-9])?$/))
      .map(([prefix, name]) => `${prefix}.example.com/${name}`),
  );

export const maybe = <T extends Tree>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });

export const few = <T>(item: fc.Arbitrary<T>, least = 0): fc.Arbitrary<T[]> =>
  fc.array(item, { minLength: least, maxLength: 2 });

export const some = (shape: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Mapping> =>
  fc.record(shape, { requiredKeys: [] }).map(present);

const present = (mapping: Record<string, unknown>): Mapping =>
  Object.fromEntries(Object.entries(mapping).filter(([, value]) => value !== undefined)) as Mapping;

export const all = (shape: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Mapping> =>
  fc.record(shape).map(present);

export const labels = (): fc.Arbitrary<Mapping> => fc.dictionary(qualifiedNames(), labelValues(), { maxKeys: 4 });

export const annotations = (): fc.Arbitrary<Mapping> => fc.dictionary(qualifiedNames(), linesOfText(), { maxKeys: 4 });
