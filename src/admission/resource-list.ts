import { isMapping } from '@dozlab/charts/schema';
import type { Manifest } from '@dozlab/charts/yaml';
import { nano, type Quantity } from '../api/values/quantity';
import type { Amounts } from '../model/pod-requests';

export type Quantities = Readonly<Record<string, Quantity>>;

export interface Resources {
  readonly requests?: Quantities;
  readonly limits?: Quantities;
}

export interface Container {
  readonly name: string;
  readonly image?: string;
  readonly restartPolicy?: string;
  readonly resources?: Resources;
  readonly ports?: readonly { readonly containerPort?: number; readonly hostPort?: number }[];
  readonly securityContext?: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

export interface PodSpec {
  readonly containers?: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly ephemeralContainers?: readonly Container[];
  /** Pod-level resources, since Kubernetes 1.34. */
  readonly resources?: Resources;
  /** Set by the RuntimeClass. */
  readonly overhead?: Quantities;
  readonly securityContext?: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

export const podSpecOf = (pod: Manifest): PodSpec => {
  const { spec } = pod as { spec?: unknown };
  return isMapping(spec) ? spec : {};
};

const MILLI = 10n ** 6n;

/** The API server rounds each quantity up to thousandths of its unit (`SetDefaults_ResourceList`). */
export const amountOf = (quantity: Quantity): bigint => {
  const amount = nano(quantity);
  return ((amount + MILLI - 1n) / MILLI) * MILLI;
};

export const amountsOf = (quantities: Quantities = {}): Amounts =>
  new Map(Object.entries(quantities).map(([name, quantity]) => [name, amountOf(quantity)]));

/** Before the API server rounds them. */
export const exactAmountsOf = (quantities: Quantities = {}): Amounts =>
  new Map(Object.entries(quantities).map(([name, quantity]) => [name, nano(quantity)]));

/** Unprefixed, or of a domain below kubernetes.io. */
export const isNative = (resource: string): boolean => !resource.includes('/') || resource.includes('kubernetes.io/');

export const isHugePages = (resource: string): boolean => resource.startsWith('hugepages-');

/** Such as devices and GPUs. Kubernetes counts them in whole units, and requests and limits must be equal. */
export const isExtended = (resource: string): boolean => !isNative(resource) && !resource.startsWith('requests.');

export const isOvercommitted = (resource: string): boolean => isNative(resource) && !isHugePages(resource);
