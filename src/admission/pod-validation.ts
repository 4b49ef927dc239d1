import type { Manifest } from '@dozlab/charts/yaml';
import { containerAmounts } from './pod-resources';
import {
  amountOf,
  amountsOf,
  isExtended,
  isHugePages,
  isOvercommitted,
  podSpecOf,
  type Container,
  type PodSpec,
  type Resources,
} from './resource-list';

export interface InvalidResource {
  readonly resource: string;
  readonly message: string;
}

const ONE = 10n ** 9n;

/**
 * What the API server's validation finds wrong with the resources of a pod with all defaults. Quantities and names are
 * taken as well-formed.
 */
export function invalidResources(pod: Manifest): InvalidResource[] {
  const spec = podSpecOf(pod);
  const lists: readonly (readonly [string, readonly Container[]])[] = [
    ['initContainers', spec.initContainers ?? []],
    ['containers', spec.containers ?? []],
  ];
  return [
    ...lists.flatMap(([list, containers]) =>
      containers.flatMap(({ resources = {} }, index) =>
        invalidIn(resources, `spec.${list}[${String(index)}].resources`),
      ),
    ),
    ...(spec.resources === undefined ? [] : [...invalidIn(spec.resources, 'spec.resources'), ...outgrown(spec)]),
  ];
}

function invalidIn(resources: Resources, path: string): InvalidResource[] {
  const { requests = {}, limits = {} } = resources;
  const problems: InvalidResource[] = [];
  for (const [kind, quantities] of [
    ['limits', limits],
    ['requests', requests],
  ] as const)
    // prettier-ignore
    for (const [resource, quantity] of Object.entries(quantities)) {
      const add = (message: string): number => problems.push({ resource, message: `${path}.${kind}: ${message}` });
      const amount = amountOf(quantity);
      if (isExtended(resource) && amount % ONE !== 0n) add(`${resource} must be an integer`);
      if (isHugePages(resource) && amount % amountOf(resource.slice('hugepages-'.length)) !== 0n)
        add(`${String(quantity)} is not positive integer multiple of ${resource}`);
      if (kind === 'limits') continue;
      const limit = limits[resource];
      if (limit === undefined) {
        if (!isOvercommitted(resource)) add(`Limit must be set for non overcommitable resources`);
      } else if (!isOvercommitted(resource) && amount !== amountOf(limit)) {
        add(`${String(quantity)} must be equal to ${resource} limit of ${String(limit)}`);
      } else if (amount > amountOf(limit)) {
        add(`${String(quantity)} must be less than or equal to ${resource} limit of ${String(limit)}`);
      }
    }
  const names = Object.keys({ ...limits, ...requests });
  const pages = names.find(isHugePages);
  if (pages !== undefined && !names.includes('cpu') && !names.includes('memory'))
    problems.push({ resource: pages, message: `${path}: HugePages require cpu or memory` });
  return problems;
}

/** `validatePodResourceConsistency` of Kubernetes. */
function outgrown(spec: PodSpec): InvalidResource[] {
  const ofPod = { requests: amountsOf(spec.resources?.requests), limits: amountsOf(spec.resources?.limits) };
  const problem = (resource: string, kind: keyof Resources, message: string): InvalidResource => ({
    resource,
    message: `spec.resources.${kind}: ${resource} ${message}`,
  });
  const requests = Array.from(containerAmounts(spec, 'requests'))
    .filter(([name, amount]) => amount > (ofPod.requests.get(name) ?? amount))
    .map(([name]) => problem(name, 'requests', 'must be greater than or equal to aggregate container requests'));
  const pages = Array.from(containerAmounts(spec, 'limits'))
    .filter(([name, amount]) => isHugePages(name) && amount > (ofPod.limits.get(name) ?? amount))
    .map(([name]) => problem(name, 'limits', 'must be greater than or equal to aggregate container limits'));
  const limits = (spec.containers ?? [])
    .flatMap(({ resources = {} }) => Array.from(amountsOf(resources.limits)))
    .filter(([name, amount]) => amount > (ofPod.limits.get(name) ?? amount))
    .map(([name]) => problem(name, 'limits', 'must be greater than or equal to the limit of each container'));
  return [...requests, ...pages, ...limits];
}
