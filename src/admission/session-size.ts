import { at } from '@dozlab/charts/schema';
import type { Manifest } from '@dozlab/charts/yaml';
import { sum, type Amounts } from '../model/pod-requests';
import { admitAlone, NO_RULES, type NamespaceRules, type Refusal } from './admit';
import { podLimits, podRequests } from './pod-resources';
import { storageClassOf } from './quota-usage';
import { podSpecOf } from './resource-list';

export interface RefusedObject {
  readonly kind: string;
  /** An apply creates the object, so a refusal fails the apply. Controllers create the others later. */
  readonly isApplied: boolean;
  readonly refusal: Refusal;
}

/** What the objects of a session use in a namespace, with all that the API server adds. */
export interface SessionSize {
  readonly pods: number;
  readonly requests: Amounts;
  readonly limits: Amounts;
  readonly claims: number;
  /** In billionths of a byte. */
  readonly storage: bigint;
  /** By key of a quota, of the objects that an apply creates. */
  readonly applied: Amounts;
  /** By key of a quota, of the objects that controllers create for them. */
  readonly created: Amounts;
  /** Claims of the default storage class, which the cluster chooses. */
  readonly hasDefaultClass: boolean;
  readonly refusals: readonly RefusedObject[];
}

const NOTHING: Amounts = new Map();

/** @param objects with the pod of one Deployment, or one Pod */
export function sessionSize(objects: readonly Manifest[], rules: NamespaceRules = NO_RULES): SessionSize {
  const applied = objects.map((object) => ({ isApplied: true, ...admitAlone(rules, object) }));
  const created = objects.flatMap(createdFor).map((object) => ({ isApplied: false, ...admitAlone(rules, object) }));
  const all = [...applied, ...created];
  const pod = all.find(({ object }) => object.kind === 'Pod');
  const spec = pod === undefined ? {} : podSpecOf(pod.object);
  const claims = applied.filter(({ object }) => object.kind === 'PersistentVolumeClaim');
  return {
    pods: pod === undefined ? 0 : 1,
    requests: podRequests(spec),
    limits: podLimits(spec),
    claims: claims.length,
    storage: claims.reduce((total, { usage }) => total + (usage.get('requests.storage') ?? 0n), 0n),
    applied: sum(applied.map(({ usage }) => usage)),
    created: sum(created.map(({ usage }) => usage)),
    hasDefaultClass: claims.some(({ object }) => storageClassOf(object) === ''),
    refusals: all.flatMap(({ object: { kind }, isApplied, refusal }) =>
      refusal === undefined ? [] : [{ kind, isApplied, refusal }],
    ),
  };
}

/** Its claims, Services and the like remain, and the Deployment with its ReplicaSet. */
export const suspendedSize = ({ pods, ...size }: SessionSize): SessionSize => {
  const isBare = pods > 0 && (size.applied.get('pods') ?? 0n) > 0n;
  const withoutPod = (amounts: Amounts): Amounts => new Map(Array.from(amounts).filter(([key]) => !isOfPods(key)));
  return {
    ...size,
    pods: 0,
    requests: NOTHING,
    limits: NOTHING,
    applied: isBare ? withoutPod(size.applied) : size.applied,
    created: withoutPod(size.created),
    refusals: size.refusals.filter(({ kind }) => kind !== 'Pod'),
  };
};

const isOfPods = (key: string): boolean =>
  key !== 'requests.storage' &&
  (key === 'pods' ||
    key === 'count/pods' ||
    /^(requests|limits)\.|^(cpu|memory|ephemeral-storage)$|^hugepages-/.test(key));

/** What controllers create as soon as the object exists. */
function createdFor(object: Manifest): Manifest[] {
  const { name } = object.metadata;
  if (object.kind === 'Service')
    return [
      { apiVersion: 'v1', kind: 'Endpoints', metadata: { name } },
      { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: { name } },
    ];
  if (object.kind !== 'Deployment') return [];
  const set = { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name } };
  const { metadata = {}, spec } = (at(object, ['spec', 'template']) ?? {}) as { metadata?: object; spec?: unknown };
  return at(object, ['spec', 'replicas']) === 0
    ? [set]
    : [set, { apiVersion: 'v1', kind: 'Pod', metadata: { name, ...metadata }, spec }];
}
