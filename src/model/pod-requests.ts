import { at, isMapping } from '@dozlab/charts/schema';
import type { Manifest } from '@dozlab/charts/yaml';
import { binaryQuantity, nano, type Quantity } from '../api/values/quantity';

/** Amounts by resource name, in billionths of the unit: exact, whatever they are summed of. */
export type Amounts = ReadonlyMap<string, bigint>;

interface Container {
  readonly resources?: { readonly requests?: Requests; readonly limits?: Requests };
  /** Of an init container: with `Always` it runs on beside those after it. */
  readonly restartPolicy?: string;
}
type Requests = Readonly<Record<string, Quantity>>;

/** What a session asks the cluster for. */
export interface SessionSize {
  /** Number of its pods. */
  readonly pods: number;
  /** What the scheduler keeps for its pod. */
  readonly requests: Amounts;
  /** What its containers may take together. */
  readonly limits: Amounts;
  /** Number of its claims. */
  readonly claims: number;
  /** Bytes of its claims, in billionths. */
  readonly storage: bigint;
}

/** What the objects of a session ask for. */
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
 * What the scheduler keeps for a pod, by its spec. What the pod asks for as a whole goes before what its containers ask for (Kubernetes,
 * "Resource Management", pod-level resource specification).
 */
export function podRequests(spec: unknown): Amounts {
  const { requests = {} } = (at(spec, ['resources']) ?? {}) as { requests?: Requests };
  return podAmounts(spec, requestsOf, amounts(requests));
}

/**
 * What a pod asks for: for each resource the greater of the sum of its containers and of each init container, which run one after the
 * other before them, and the pod's overhead. Init containers that run on (sidecars) count with all that run after them (Kubernetes, "Init
 * Containers" and "Sidecar Containers", resource sharing).
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

/** A container asks for what it says, and for the limits of what it does not (Kubernetes, "Resource Management"). */
const requestsOf = ({ resources = {} }: Container): Amounts => amounts({ ...resources.limits, ...resources.requests });

const limitsOf = ({ resources = {} }: Container): Amounts => amounts(resources.limits ?? {});

const amounts = (requests: Requests): Amounts =>
  new Map(Object.entries(requests).map(([name, quantity]) => [name, nano(quantity)]));

/** The sum of amounts. */
export function sum(all: readonly Amounts[]): Amounts {
  const total = new Map<string, bigint>();
  for (const each of all) for (const [name, amount] of each) total.set(name, (total.get(name) ?? 0n) + amount);
  return total;
}

/** The greater of two amounts, resource by resource. */
export function greater(one: Amounts, other: Amounts): Amounts {
  const most = new Map(one);
  for (const [name, amount] of other) if (amount > (most.get(name) ?? 0n)) most.set(name, amount);
  return most;
}

const NANO = 10n ** 9n;
const MILLI = 10n ** 6n;
const MEBIBYTE = 1n << 20n;

/** The most that quantities are written with: of bytes, just below the 2^63 at which Kubernetes caps them. */
const MOST = 10n ** 15n - 1n;
const MOST_MEBIBYTES = (1n << 43n) - 1n;

const atMost = (most: bigint, amount: bigint): bigint => (amount > most ? most : amount);

const IS_CPU = /(^|\.)cpu$/;

const isBytes = (resource: string): boolean =>
  /(^|\.)(memory|ephemeral-storage|storage)$/.test(resource) || resource.includes('hugepages-');

/** An amount as a quantity: cores as `1500m`, bytes in Mi or Gi, anything else as a number; rounded up. */
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

/** The same, rounded down: for what is left. */
export function quantityWithin(resource: string, amount: bigint): string {
  const unit = IS_CPU.test(resource) ? MILLI : isBytes(resource) ? NANO * MEBIBYTE : NANO;
  return quantityOf(resource, amount - (amount % unit));
}
