import { binaryQuantity } from '../api/values/quantity';

/** In billionths of the unit: sums are exact. */
export type Amounts = ReadonlyMap<string, bigint>;

export function sum(all: readonly Amounts[]): Amounts {
  const total = new Map<string, bigint>();
  for (const each of all) for (const [name, amount] of each) total.set(name, (total.get(name) ?? 0n) + amount);
  return total;
}

/** An amount of 0 counts as set. */
export function greater(one: Amounts, other: Amounts): Amounts {
  const most = new Map(one);
  for (const [name, amount] of other) if (amount > (most.get(name) ?? -1n)) most.set(name, amount);
  return most;
}

const NANO = 10n ** 9n;
const MILLI = 10n ** 6n;
const MEBIBYTE = 1n << 20n;

/** Kubernetes caps bytes at 2^63. */
const MOST = 10n ** 15n - 1n;
const MOST_MEBIBYTES = (1n << 43n) - 1n;

const atMost = (most: bigint, amount: bigint): bigint => (amount > most ? most : amount);

const IS_CPU = /(^|\.)cpu$/;

const isBytes = (resource: string): boolean =>
  /(^|\.)(memory|ephemeral-storage|storage)$/.test(resource) || resource.includes('hugepages-');

/** Cores as `1500m`, bytes in Mi or Gi; rounded up. */
export function quantityOf(resource: string, amount: bigint): string {
  if (IS_CPU.test(resource)) {
    const millicores = atMost(MOST, (amount + MILLI - 1n) / MILLI);
    return millicores % 1000n === 0n ? String(millicores / 1000n) : `${String(millicores)}m`;
  }
  const whole = (amount + NANO - 1n) / NANO;
  return isBytes(resource)
    ? binaryQuantity(Number(atMost(MOST_MEBIBYTES, (whole + MEBIBYTE - 1n) / MEBIBYTE)))
    : String(atMost(MOST, whole));
}

/** Rounded down. */
export function quantityWithin(resource: string, amount: bigint): string {
  const unit = IS_CPU.test(resource) ? MILLI : isBytes(resource) ? NANO * MEBIBYTE : NANO;
  return quantityOf(resource, amount - (amount % unit));
}
