import type { Manifest } from '@dozlab/charts/yaml';
import type { Amounts } from '../model/pod-requests';
import { storedItem, type LimitRange } from './limit-range';
import { containerAmounts, isForPods } from './pod-resources';
import {
  exactAmountsOf,
  isHugePages,
  isOvercommitted,
  podSpecOf,
  type Container,
  type PodSpec,
  type Quantities,
  type Resources,
} from './resource-list';

/** A pod with the resources that the API server and LimitRanges add, in that order. */
export function withDefaults(pod: Manifest, ranges: readonly LimitRange[]): Manifest {
  const spec = inContainers(withHostPorts(podSpecOf(pod)), ({ limits = {}, requests = {} }) => ({
    limits,
    requests: { ...limits, ...requests },
  }));
  const items = ranges
    .flat()
    .filter(({ type }) => type === 'Container')
    .map(storedItem);
  const ranged = items.reduce(
    (before, item) =>
      inContainers(before, ({ limits = {}, requests = {} }) => ({
        limits: { ...item.default, ...limits },
        requests: { ...item.defaultRequest, ...requests },
      })),
    withPodRequests(withPodPages(spec)),
  );
  return { ...pod, spec: ranged };
}

const inContainers = (spec: PodSpec, change: (resources: Resources) => Resources): PodSpec => {
  const changed = (containers: readonly Container[]): Container[] =>
    containers.map((container) => ({ ...container, resources: { ...container.resources, ...change(container.resources ?? {}) } })); // prettier-ignore
  const { containers, initContainers } = spec;
  return {
    ...spec,
    ...(containers === undefined ? {} : { containers: changed(containers) }),
    ...(initContainers === undefined ? {} : { initContainers: changed(initContainers) }),
  };
};

/** On the network of the host, all ports are ports of the host. */
function withHostPorts(spec: PodSpec): PodSpec {
  if (spec['hostNetwork'] !== true) return spec;
  const open = (container: Container): Container => ({
    ...container,
    ports: (container.ports ?? []).map((port) => ({ ...port, hostPort: port.hostPort ?? port.containerPort ?? 0 })),
  });
  const { containers = [], initContainers = [] } = spec;
  return { ...spec, containers: containers.map(open), initContainers: initContainers.map(open) };
}

/** `defaultHugePagePodLimits` of Kubernetes. */
function withPodPages(spec: PodSpec): PodSpec {
  const { limits = {}, requests = {} } = spec.resources ?? {};
  if (Object.keys({ ...limits, ...requests }).length === 0) return spec;
  const pages = quantitiesOf(
    containerAmounts(spec, 'limits', exactAmountsOf),
    (name) => isHugePages(name) && !(name in requests),
  );
  return withPod(spec, { requests, limits: { ...pages, ...limits } });
}

/** `defaultPodRequests` of Kubernetes. */
function withPodRequests(spec: PodSpec): PodSpec {
  const { limits = {}, requests = {} } = spec.resources ?? {};
  if (Object.keys(limits).length === 0) return spec;
  const ofContainers = quantitiesOf(
    containerAmounts(spec, 'requests', exactAmountsOf),
    (name) => isForPods(name) && isOvercommitted(name),
  );
  const ofLimits = Object.fromEntries(Object.entries(limits).filter(([name]) => isForPods(name)));
  return withPod(spec, { limits, requests: { ...ofLimits, ...ofContainers, ...requests } });
}

const withPod = (spec: PodSpec, { limits = {}, requests = {} }: Resources): PodSpec => ({
  ...spec,
  resources: {
    ...spec.resources,
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
    ...(Object.keys(requests).length === 0 ? {} : { requests }),
  },
});

const MILLI = 10n ** 6n;

/** Rounded after they are summed: the sum of rounded amounts may be more, which is not valid. */
const quantitiesOf = (amounts: Amounts, isWanted: (name: string) => boolean): Quantities =>
  Object.fromEntries(
    Array.from(amounts)
      .filter(([name]) => isWanted(name))
      .map(([name, amount]) => [name, `${String((amount + MILLI - 1n) / MILLI)}m`]),
  );
