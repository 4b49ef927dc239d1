import fc from 'fast-check';

/**
 * Holds a property for 200 random values. A failure prints the seed and the value; `FC_SEED=<seed>` runs the same values again. It neither
 * shrinks nor runs longer than its time.
 */
export function expectProperty<T>(arbitrary: fc.Arbitrary<T>, holds: (value: T) => void): void {
  const seed = process.env['FC_SEED'];
  fc.assert(
    fc.property(arbitrary, (value) => {
      holds(value);
    }),
    {
      numRuns: 200,
      endOnFailure: true,
      interruptAfterTimeLimit: 40_000,
      ...(seed === undefined ? {} : { seed: Number(seed) }),
    },
  );
}
