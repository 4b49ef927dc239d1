import { at, isMapping } from '@dozlab/charts/schema';
import type { Manifest } from '@dozlab/charts/yaml';
import { binaryQuantity, nano, type Quantity } from '../api/values/quantity';

/** In billionths of the unit: sums are exact. */
export type Amounts = ReadonlyMap<string, bigint>;

interface Container {
  readonly resources?: { readonly requests?: Requests; readonly limits?: Requests };
  readonly restartPolicy?: string;
}
type Requests = Readonly<Record<string, Quantity>>;

export interface SessionSize {
  readonly pods: number;
  readonly requests: Amounts;
  readonly limits: Amounts;
  readonly claims: number;
  /** In billionths of a byte. */
  readonly storage: bigint;
}

export function sessionSize(objects: readonly Manifest[]): SessionSize {
  const claims = objects.filter(({ kind }) => kind === 'PersistentVolumeClaim');
  const sizes = claims.map((claim) => at(claim, ['spec', 'resources', 'requests', 'storage']) as Quantity);
  const pod = objects.find(({ kind }) => kind === 'Deployment' || kind === 'Pod');
  const spec = pod === undefined ? {} : at(pod, pod.kind === 'Pod' ? ['spec'] : ['spec', 'template', 'spec']);
  return {
    pods: pod === undefined ? 0 : 1,
    requests: podRequests(spec),
    limits: podAmounts(spec, limitsOf),
    claims: claims.length,
    storage: sizes.reduce((sum, size) => sum + nano(size), 0n),
  };
}

/**
 * Requests of the pod win over its containers (Kubernetes, "Resource Management", pod-level resource specification).
 */
export function podRequests(spec: unknown): Amounts {
  const { requests = {} } = (at(spec, ['resources']) ?? {}) as { requests?: Requests };
  return podAmounts(spec, requestsOf, amounts(requests));
}

/**
 * The greater of the containers' sum and each init container. Sidecars count with all later containers (Kubernetes,
 * "Init Containers" and "Sidecar Containers", resource sharing).
 */
function podAmounts(spec: unknown, amountsOf: (container: Container) => Amounts, ofPod: Amounts = new Map()): Amounts {
  const { containers, initContainers, overhead } = spec as {
    containers?: readonly Container[];
    initContainers?: readonly Container[];
    overhead?: Requests;
  };
  let sidecars: Amounts = new Map();
  let most: Amounts = new Map();
  for (const container of initContainers ?? []) {
    const running = sum([sidecars, amountsOf(container)]);
    if (container.restartPolicy === 'Always') sidecars = running;
    most = greater(most, running);
  }
  const needed = greater(sum([...(containers ?? []).map(amountsOf), sidecars]), most);
  return sum([new Map([...needed, ...ofPod]), amounts(isMapping(overhead) ? overhead : {})]);
}

/** Limits replace missing requests (Kubernetes, "Resource Management"). */
const requestsOf = ({ resources = {} }: Container): Amounts => amounts({ ...resources.limits, ...resources.requests });

const limitsOf = ({ resources = {} }: Container): Amounts => amounts(resources.limits ?? {});

const amounts = (requests: Requests): Amounts =>
  new Map(Object.entries(requests).map(([name, quantity]) => [name, nano(quantity)]));

export function sum(all: readonly Amounts[]): Amounts {
  const total = new Map<string, bigint>();
  for (const each of all) for (const [name, amount] of each) total.set(name, (total.get(name) ?? 0n) + amount);
  return total;
}

export function greater(one: Amounts, other: Amounts): Amounts {
  const most = new Map(one);
  for (const [name, amount] of other) if (amount > (most.get(name) ?? 0n)) most.set(name, amount);
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
