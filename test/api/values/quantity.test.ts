import { binaryQuantity, isWhole, mebibytes, nano } from '../../../src/api/values/quantity';

const BILLION = 10n ** 9n;

describe('the amount of a quantity', () => {
  it.each<[string | number, bigint]>([
    ['0', 0n],
    ['000', 0n],
    ['1', BILLION],
    ['007', 7n * BILLION],
    ['500m', BILLION / 2n],
    ['1500m', (3n * BILLION) / 2n],
    ['1n', 1n],
    ['1u', 1000n],
    ['0.5', BILLION / 2n],
    ['.5', BILLION / 2n],
    ['1.', BILLION],
    ['1k', 1000n * BILLION],
    ['1M', 10n ** 6n * BILLION],
    ['1G', 10n ** 9n * BILLION],
    ['1T', 10n ** 12n * BILLION],
    ['1P', 10n ** 15n * BILLION],
    ['1E', 10n ** 18n * BILLION],
    ['1Ki', 1024n * BILLION],
    ['1Mi', 1024n ** 2n * BILLION],
    ['1.5Gi', 1536n * 1024n ** 2n * BILLION],
    ['1Ti', 1024n ** 4n * BILLION],
    ['1Pi', 1024n ** 5n * BILLION],
    ['1Ei', 1024n ** 6n * BILLION],
    ['1e3', 1000n * BILLION],
    ['1E3', 1000n * BILLION],
    ['1e+3', 1000n * BILLION],
    ['1e-3', BILLION / 1000n],
    ['12.5e2', 1250n * BILLION],
    ['999999999999999', 999999999999999n * BILLION],
    [2, 2n * BILLION],
    [0.25, BILLION / 4n],
    [1e-7, 100n],
    [2 ** 49, 2n ** 49n * BILLION],
  ])('of %p is %p billionths', (quantity, amount) => {
    expect(nano(quantity)).toBe(amount);
  });

  it.each(['0.1n', '.000000001n', '1e-12', '1e-99'])(
    'of %p is rounded up to one billionth, as Kubernetes does',
    (quantity) => {
      expect(nano(quantity)).toBe(1n);
    },
  );

  it.each([
    '',
    ' ',
    '.',
    'Gi',
    'm',
    '1 Gi',
    ' 1',
    '1\n',
    '-1',
    '+1',
    '1GiB',
    '1gi',
    '1K',
    '1e',
    '1e1000',
    '0x10',
    '1_000',
    '１',
    'NaN',
  ])('of %p is not known, as Kubernetes does not take it', (text) => {
    expect(() => nano(text)).toThrow(RangeError);
  });
});

describe('a whole number of units', () => {
  it.each<[string | number, boolean]>([
    ['1', true],
    ['1000m', true],
    ['0', true],
    ['1.5k', true],
    ['0.5Ki', true],
    ['1m', false],
    ['1.5', false],
    ['1n', false],
    [1.5, false],
    ['0.0001Ki', false],
  ])('%p: %p', (quantity, whole) => {
    expect(isWhole(quantity)).toBe(whole);
  });
});

describe('mebibytes that hold a quantity', () => {
  it.each<[string | number, number]>([
    ['0', 0],
    ['1', 1],
    ['1Mi', 1],
    ['1048577', 2],
    [1048576, 1],
    ['1M', 1],
    ['1Gi', 1024],
    ['1G', 954],
    ['1.5Gi', 1536],
    ['128974848', 123],
    ['129e6', 124],
    ['129M', 124],
    ['1Ti', 1048576],
  ])('%p: %p', (quantity, count) => {
    expect(mebibytes(quantity)).toBe(count);
  });
});

describe('mebibytes as a quantity', () => {
  it.each<[number, string]>([
    [0, '0'],
    [1, '1Mi'],
    [1023, '1023Mi'],
    [1024, '1Gi'],
    [1536, '1536Mi'],
    [2048, '2Gi'],
    [9216, '9Gi'],
  ])('%p: %p', (count, quantity) => {
    expect(binaryQuantity(count)).toBe(quantity);
    expect(mebibytes(quantity)).toBe(count);
  });
});
