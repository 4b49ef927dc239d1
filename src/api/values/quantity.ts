export type Quantity = string | number;

/** Kubernetes, "Quantity": `500m`, `1Gi`, `1.5`, `1e3`. */
export const QUANTITY = /^([0-9]{1,15}(\.[0-9]{0,9})?|\.[0-9]{1,9})([KMGTPE]i|[numkMGTPE]|[eE][-+]?[0-9]{1,2})?$/;

const SCALE: Readonly<Record<string, bigint>> = {
  n: 1n,
  u: 10n ** 3n,
  m: 10n ** 6n,
  '': 10n ** 9n,
  k: 10n ** 12n,
  M: 10n ** 15n,
  G: 10n ** 18n,
  T: 10n ** 21n,
  P: 10n ** 24n,
  E: 10n ** 27n,
  Ki: (10n ** 9n) << 10n,
  Mi: (10n ** 9n) << 20n,
  Gi: (10n ** 9n) << 30n,
  Ti: (10n ** 9n) << 40n,
  Pi: (10n ** 9n) << 50n,
  Ei: (10n ** 9n) << 60n,
};

/**
 * Billionths of a core or byte.
 * @throws RangeError if the text is not a quantity
 */
export function nano(quantity: Quantity): bigint {
  const text = typeof quantity === 'number' ? plainDigits(quantity) : quantity;
  const known = amounts.get(text) ?? amountOf(text);
  if (amounts.size === MOST_AMOUNTS) amounts.clear();
  amounts.set(text, known);
  return known;
}

const MOST_AMOUNTS = 1000;
const amounts = new Map<string, bigint>();

function amountOf(text: string): bigint {
  const match = /^([0-9]*)(?:\.([0-9]*))?(?:([KMGTPE]i|[numkMGTPE])|[eE]([-+]?[0-9]+))?$/.exec(text);
  if (!match || !QUANTITY.test(text)) throw new RangeError(`not a quantity: ${text}`);
  const [, whole = '', fraction = '', suffix = '', exponent = '0'] = match;
  const digits = BigInt(`${whole}${fraction}` || '0') * (SCALE[suffix] ?? 0n);
  const power = Number(exponent) - fraction.length;
  if (power >= 0) return digits * 10n ** BigInt(power);
  const divisor = 10n ** BigInt(-power);
  return (digits + divisor - 1n) / divisor; // rounded up, as Kubernetes does
}

const plainDigits = (number: number): string => (Number.isInteger(number) ? BigInt(number).toString() : String(number));

export const isWhole = (quantity: Quantity): boolean => nano(quantity) % 10n ** 9n === 0n;

/** Whole, and not too large for Kubernetes. */
export const isCountable = (quantity: Quantity): boolean => isWhole(quantity) && nano(quantity) < 2n ** 63n * 10n ** 9n;

export const isByteSize = (quantity: Quantity): boolean => isCountable(quantity) && nano(quantity) > 0n;

/** Sums may be too large for a quantity. */
const amountOrMore = (quantity: Quantity): bigint | number =>
  QUANTITY.test(String(quantity)) ? nano(quantity) : Number.POSITIVE_INFINITY;

export const exceeds = (one: Quantity, other: Quantity): boolean => amountOrMore(one) > amountOrMore(other);

export const mebibytes = (quantity: Quantity): number => {
  const unit = SCALE['Mi'] ?? 1n;
  return Number((nano(quantity) + unit - 1n) / unit);
};

/** `2Gi` for 2048, `1536Mi` for 1536. */
export function binaryQuantity(mebibytes: number): string {
  if (mebibytes === 0) return '0';
  return mebibytes % 1024 === 0 ? `${String(mebibytes / 1024)}Gi` : `${String(mebibytes)}Mi`;
}

export const isSameQuantity = (one: unknown, other: unknown): boolean => {
  const [first, second] = [one, other].map((each) =>
    (typeof each === 'string' || typeof each === 'number') && QUANTITY.test(String(each)) ? nano(each) : undefined,
  );
  return first !== undefined && first === second;
};
