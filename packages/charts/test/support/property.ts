import fc from 'fast-check';

/**
 * Checks a property for 200 random values, without shrinking, for at most 4 minutes. A failure prints the seed and the value: `FC_SEED=<seed>`
 * runs the same values.
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
      interruptAfterTimeLimit: 240_000,
      ...(seed === undefined ? {} : { seed: Number(seed) }),
    },
  );
}
