import { k8s } from 'cdk8s-plus-28';
import type { Quantity } from '../../api/values/quantity';

/** Quantities by resource name, in the form that the generated classes take. */
export const quantities = (amounts: Readonly<Record<string, Quantity>>): Record<string, k8s.Quantity> =>
  Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, k8s.Quantity.fromString(String(amount))]));
