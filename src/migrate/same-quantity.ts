import { nano, QUANTITY } from '../api/values/quantity';

/** Whether two quantities are the same amount. */
export const isSameQuantity = (one: unknown, other: unknown): boolean => {
  const [first, second] = [one, other].map((each) =>
    (typeof each === 'string' || typeof each === 'number') && QUANTITY.test(String(each)) ? nano(each) : undefined,
  );
  return first !== undefined && first === second;
};
