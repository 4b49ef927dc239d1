import { greater, sum, type Amounts } from '../model/pod-requests';
import { amountsOf, isHugePages, type Container, type PodSpec, type Quantities, type Resources } from './resource-list';

/**
 * The greater of the containers' sum and each init container. Sidecars count with all later containers (Kubernetes,
 * "Sidecar Containers", resource sharing).
 */
export function containerAmounts(
  { containers = [], initContainers = [] }: PodSpec,
  kind: keyof Resources,
  amounts = amountsOf,
): Amounts {
  const amountsIn = ({ resources }: Container): Amounts => amounts(resources?.[kind]);
  let sidecars: Amounts = new Map();
  let most: Amounts = new Map();
  for (const container of initContainers) {
    const running = sum([sidecars, amountsIn(container)]);
    if (container.restartPolicy === 'Always') sidecars = running;
    most = greater(most, running);
  }
  return greater(sum([...containers.map(amountsIn), sidecars]), most);
}

const IN_PODS = new Set(['cpu', 'memory']);

/** Kubernetes, "Resource Management", pod-level resource specification. */
export const isForPods = (resource: string): boolean => IN_PODS.has(resource) || isHugePages(resource);

export const hasPodResources = ({ resources = {} }: PodSpec): boolean =>
  [resources.requests, resources.limits].some((each = {}) => Object.keys(each).some(isForPods));

const ofPod = (quantities: Quantities | undefined, isCounted = isForPods): Amounts =>
  new Map(Array.from(amountsOf(quantities)).filter(([name]) => isCounted(name)));

/** What the scheduler and quotas count, of a pod with all defaults. */
export function podRequests(spec: PodSpec): Amounts {
  const requests = new Map([...containerAmounts(spec, 'requests'), ...ofPod(spec.resources?.requests)]);
  return sum([requests, amountsOf(spec.overhead)]);
}

export function podLimits(spec: PodSpec): Amounts {
  const limits = new Map([...containerAmounts(spec, 'limits'), ...ofPod(spec.resources?.limits)]);
  const overhead = Array.from(amountsOf(spec.overhead)).filter(([name]) => (limits.get(name) ?? 0n) > 0n);
  return sum([limits, new Map(overhead)]);
}

/** What a LimitRange of the type Pod bounds: without overhead, and without huge pages of the pod level. */
export const boundedAmounts = (spec: PodSpec, kind: keyof Resources): Amounts =>
  new Map([...containerAmounts(spec, kind), ...ofPod(spec.resources?.[kind], (name) => IN_PODS.has(name))]);

/** Kubernetes, "Pod Quality of Service Classes". */
export function isBestEffort(spec: PodSpec): boolean {
  const containers = [...(spec.containers ?? []), ...(spec.initContainers ?? [])];
  const all = spec.resources === undefined ? containers.map(({ resources = {} }) => resources) : [spec.resources];
  return !all.some(({ requests, limits }) =>
    [requests, limits].some((quantities) =>
      Array.from(amountsOf(quantities)).some(([name, amount]) => IN_PODS.has(name) && amount > 0n),
    ),
  );
}
