import { at } from '@dozlab/charts/schema';
import type { Manifest } from '@dozlab/charts/yaml';
import type { Amounts } from '../model/pod-requests';
import { podLimits, podRequests } from './pod-resources';
import { amountOf, isExtended, isHugePages, podSpecOf, type Quantities, type Resources } from './resource-list';

const ONE = 10n ** 9n;

/** @example `pods`, `deployments.apps` */
export function resourceOf({ apiVersion, kind }: Pick<Manifest, 'apiVersion' | 'kind'>): string {
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return group === '' ? plural(kind) : `${plural(kind)}.${group}`;
}

function plural(kind: string): string {
  const name = kind.toLowerCase();
  if (name === 'endpoints') return name;
  if (/[^aeiou]y$/.test(name)) return `${name.slice(0, -1)}ies`;
  return /(s|x|ch|sh)$/.test(name) ? `${name}es` : `${name}s`;
}

const CLAIM = 'persistentvolumeclaims';
const ALIASED = ['configmaps', 'resourcequotas', 'replicationcontrollers', 'secrets'];

/** What an object with all defaults counts in a quota, by key (Kubernetes, "Resource Quotas"). */
export function quotaUsage(object: Manifest): Amounts {
  const resource = resourceOf(object);
  const usage = new Map([[`count/${resource}`, ONE]]);
  if (ALIASED.includes(resource)) usage.set(resource, ONE);
  if (resource === 'pods') return new Map([...usage, ...podUsage(object)]);
  if (resource === 'services') return new Map([...usage, ...serviceUsage(object)]);
  if (resource === CLAIM) return new Map([...usage, ...claimUsage(object)]);
  return usage;
}

function podUsage(pod: Manifest): Amounts {
  const spec = podSpecOf(pod);
  return new Map([['pods', ONE], ...computeUsage({ requests: podRequests(spec), limits: podLimits(spec) })]);
}

const COMPUTED = ['cpu', 'memory', 'ephemeral-storage'];

/** Also what one container counts. */
export function computeUsage({ requests, limits }: Readonly<Record<keyof Resources, Amounts>>): Amounts {
  const usage = new Map<string, bigint>();
  for (const [name, amount] of requests) {
    const isPlain = COMPUTED.includes(name) || isHugePages(name);
    if (isPlain) usage.set(name, amount);
    if (isPlain || isExtended(name)) usage.set(`requests.${name}`, amount);
  }
  for (const [name, amount] of limits) if (COMPUTED.includes(name)) usage.set(`limits.${name}`, amount);
  return usage;
}

function serviceUsage(service: Manifest): Amounts {
  const ports = (at(service, ['spec', 'ports']) ?? []) as readonly { readonly nodePort?: number }[];
  const type = at(service, ['spec', 'type']);
  const isBalanced = type === 'LoadBalancer';
  const hasAll =
    type === 'NodePort' || (isBalanced && at(service, ['spec', 'allocateLoadBalancerNodePorts']) !== false);
  const given = ports.filter(({ nodePort = 0 }) => nodePort !== 0).length;
  return new Map([
    ['services', ONE],
    ['services.nodeports', ONE * BigInt(hasAll ? ports.length : isBalanced ? given : 0)],
    ['services.loadbalancers', isBalanced ? ONE : 0n],
  ]);
}

const STORAGE_CLASS = '.storageclass.storage.k8s.io/';

export const storageClassOf = (claim: Manifest): string =>
  (at(claim, ['metadata', 'annotations', 'volume.beta.kubernetes.io/storage-class']) ??
    at(claim, ['spec', 'storageClassName']) ??
    '') as string;

function claimUsage(claim: Manifest): Amounts {
  const requests = (at(claim, ['spec', 'resources', 'requests']) ?? {}) as Quantities;
  const storage = requests['storage'] === undefined ? undefined : amountOf(requests['storage']);
  const usage: [string, bigint][] = [
    [CLAIM, ONE],
    ...(storage === undefined ? [] : [['requests.storage', ((storage + ONE - 1n) / ONE) * ONE] as [string, bigint]]),
  ];
  const name = storageClassOf(claim);
  return new Map([...usage, ...(name === '' ? [] : usage.map(([key, amount]): [string, bigint] => [`${name}${STORAGE_CLASS}${key}`, amount]))]); // prettier-ignore
}

/** Of the kinds with their own rules; other objects use a key only by `count/`. */
const KEYS: Readonly<Record<string, (key: string) => boolean>> = {
  pods: (key) =>
    key === 'pods' ||
    COMPUTED.includes(key.replace(/^(requests|limits)\./, '')) ||
    /^(requests\.)?hugepages-/.test(key) ||
    isDeviceKey(key),
  services: (key) => /^services(\.nodeports|\.loadbalancers)?$/.test(key),
  [CLAIM]: (key) => [CLAIM, 'requests.storage'].some((own) => key === own || key.endsWith(STORAGE_CLASS + own)),
};

const isDeviceKey = (key: string): boolean =>
  key.startsWith('requests.') &&
  (isExtended(key.slice('requests.'.length)) || key.startsWith('requests.deviceclass.resource.kubernetes.io/'));

/** Whether a quota with the key is about objects of the resource at all. */
export const concerns = (key: string, resource: string): boolean =>
  key === `count/${resource}` || (ALIASED.includes(resource) && key === resource) || (KEYS[resource]?.(key) ?? false);

/** Namespaced resources of the API groups whose resources are all known. Quotas ignore events. */
const BUILT_IN: Readonly<Record<string, readonly string[]>> = {
  '': [
    ...['configmaps', 'endpoints', 'limitranges', CLAIM, 'pods', 'podtemplates', 'replicationcontrollers'],
    ...['resourcequotas', 'secrets', 'serviceaccounts', 'services'],
  ],
  apps: ['controllerrevisions', 'daemonsets', 'deployments', 'replicasets', 'statefulsets'],
  autoscaling: ['horizontalpodautoscalers'],
  batch: ['cronjobs', 'jobs'],
  'coordination.k8s.io': ['leases', 'leasecandidates'],
  'discovery.k8s.io': ['endpointslices'],
  'events.k8s.io': [],
  extensions: [],
  'networking.k8s.io': ['ingresses', 'networkpolicies'],
  policy: ['poddisruptionbudgets'],
  'rbac.authorization.k8s.io': ['rolebindings', 'roles'],
};

/** The key that a key without effect most likely stands for. */
export function enforcedKey(key: string): string | undefined {
  const device = /^(?:limits\.)?([^/]+\/.+)$/.exec(key)?.[1];
  const counted = /^count\/([^.]+)/.exec(key)?.[1]?.toLowerCase();
  if (counted !== undefined) {
    const [group] = Object.entries(BUILT_IN).find(([, names]) => names.includes(counted)) ?? [];
    return group === undefined ? undefined : `count/${counted}${group === '' ? '' : `.${group}`}`;
  }
  return device !== undefined && isDeviceKey(`requests.${device}`) ? `requests.${device}` : undefined;
}

/** The API server takes other keys too, which limit nothing. */
export function isEnforced(key: string): boolean {
  if (Object.keys(KEYS).some((resource) => concerns(key, resource)) || ALIASED.includes(key)) return true;
  if (/^[^/]+\.deviceclass\.resource\.k8s\.io\/devices$/.test(key)) return true;
  const [, name = '', group = ''] = /^count\/([^.]+)(?:\.(.+))?$/.exec(key) ?? [];
  return name !== '' && (BUILT_IN[group]?.includes(name) ?? true);
}
