import { at, isMapping } from '@dozlab/charts/schema';
import type { Manifest } from '@dozlab/charts/yaml';
import type { Amounts } from '../model/pod-requests';
import { hasPodResources, isBestEffort } from './pod-resources';
import { computeUsage, concerns, resourceOf } from './quota-usage';
import { amountsOf, podSpecOf, type PodSpec } from './resource-list';

export interface ScopeSelector {
  readonly scopeName: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

/** A ResourceQuota (Kubernetes, "Resource Quotas"). */
export interface Quota {
  readonly name: string;
  readonly hard: Amounts;
  readonly scopes: readonly ScopeSelector[];
}

/** A quota counts an object if it has a key for its resource, and the object matches all scopes. */
export const counts = ({ hard, scopes }: Quota, object: Manifest): boolean => {
  const resource = resourceOf(object);
  return (
    Array.from(hard.keys()).some((key) => concerns(key, resource)) && scopes.every((scope) => matches(scope, object))
  );
};

function matches(scope: ScopeSelector, object: Manifest): boolean {
  if (object.kind === 'PersistentVolumeClaim')
    return (
      scope.scopeName === 'VolumeAttributesClass' &&
      selects(scope, at(object, ['spec', 'volumeAttributesClassName']) as string | undefined)
    );
  if (object.kind !== 'Pod') return false;
  const spec = podSpecOf(object);
  switch (scope.scopeName) {
    case 'Terminating':
      return spec['activeDeadlineSeconds'] !== undefined;
    case 'NotTerminating':
      return spec['activeDeadlineSeconds'] === undefined;
    case 'BestEffort':
      return isBestEffort(spec);
    case 'NotBestEffort':
      return !isBestEffort(spec);
    case 'PriorityClass':
      return selects(scope, spec['priorityClassName'] as string | undefined);
    case 'CrossNamespacePodAffinity':
      return looksIntoNamespaces(spec);
    default:
      return false;
  }
}

function selects({ operator, values = [] }: ScopeSelector, given = ''): boolean {
  switch (operator) {
    case 'In':
      return given !== '' && values.includes(given);
    case 'NotIn':
      return given === '' || !values.includes(given);
    case 'Exists':
      return given !== '';
    default:
      return given === '';
  }
}

const looksIntoNamespaces = ({ affinity }: PodSpec): boolean =>
  ['podAffinity', 'podAntiAffinity'].some((kind) =>
    ['requiredDuringSchedulingIgnoredDuringExecution', 'preferredDuringSchedulingIgnoredDuringExecution']
      .flatMap((field) => (at(affinity, [kind, field]) ?? []) as readonly unknown[])
      .map((term) => at(term, ['podAffinityTerm']) ?? term)
      .some(
        (term) =>
          ((at(term, ['namespaces']) ?? []) as readonly string[]).length > 0 ||
          isMapping(at(term, ['namespaceSelector'])),
      ),
  );

const REQUIRED = ['cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory'];

export interface Missing {
  readonly resource: string;
  readonly containers: readonly string[];
}

/** Of CPU and memory in a quota, each container needs a request or limit, unless the pod itself has some. */
export function missingAmounts(hard: Iterable<string>, pod: Manifest): Missing[] {
  const spec = podSpecOf(pod);
  if (pod.kind !== 'Pod' || hasPodResources(spec)) return [];
  const required = Array.from(hard)
    .filter((key) => REQUIRED.includes(key))
    .sort();
  const containers = [...(spec.containers ?? []), ...(spec.initContainers ?? [])].map(({ name, resources = {} }) => ({
    name,
    used: computeUsage({ requests: amountsOf(resources.requests), limits: amountsOf(resources.limits) }),
  }));
  return required
    .map((resource) => ({
      resource,
      containers: containers
        .filter(({ used }) => !used.has(resource))
        .map(({ name }) => name)
        .sort(),
    }))
    .filter(({ containers: without }) => without.length > 0);
}
