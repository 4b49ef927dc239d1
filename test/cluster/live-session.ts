import { setTimeout as sleep } from 'node:timers/promises';
import { labSessionChart } from '../../src/manifests/lab-session-chart';
import { parseValues } from '../../src/api/values/check';
import type { Mapping } from '@dozlab/charts/schema';
import { kubectl } from './cluster';
import { fingerprintsIn } from './fingerprint';
import type { LiveObject } from './kubectl';

/** The kinds that a session is made of. */
const KINDS = [
  ...['deployments', 'pods', 'services', 'secrets', 'persistentvolumeclaims', 'networkpolicies'],
  ...['ingresses.networking.k8s.io', 'httproutes.gateway.networking.k8s.io'],
].join(',');

/** What the API server or the release puts into metadata. */
const OF_OTHERS = /^(app\.kubernetes\.io\/managed-by|meta\.helm\.sh\/.*|deployment\.kubernetes\.io\/revision)$/;

/** What the API server or the scheduler chooses for an object of its own, so that no two have the same. */
const CHOSEN = new Set(['clusterIP', 'clusterIPs', 'nodePort', 'nodeName']);

const isStaying = ({ metadata }: LiveObject): boolean => metadata.deletionTimestamp === undefined;
const isOwned = ({ metadata }: LiveObject): boolean => 'ownerReferences' in metadata;

const inOrder = <T extends Pick<LiveObject, 'kind' | 'metadata'>>(objects: readonly T[]): T[] => {
  const key = ({ kind, metadata }: T): string => `${kind}/${metadata.name}`;
  return [...objects].sort((one, other) => (key(one) < key(other) ? -1 : 1));
};

/** The objects of a session that nothing in the cluster made of others. */
export const objectsOf = (namespace: string, id: string): LiveObject[] =>
  inOrder(
    kubectl
      .list(KINDS, '-n', namespace, '-l', `session-id=${id}`)
      .filter((object) => isStaying(object) && !isOwned(object)),
  );

/** The ids of a session's pods that are to stay, once its Deployment has done all that it was told. */
export function podsOf(namespace: string, id: string): string[] {
  const name = `lab-session-${id}`;
  const isDeployment = kubectl.try(['get', 'deployment', name, '-n', namespace]);
  kubectl.run(
    isDeployment
      ? ['rollout', 'status', `deployment/${name}`, '-n', namespace, '--timeout=120s']
      : ['wait', '--for=condition=Ready', `pod/${name}`, '-n', namespace, '--timeout=120s'],
  );
  return kubectl
    .list('pods', '-n', namespace, '-l', `session-id=${id}`)
    .filter(isStaying)
    .map(({ metadata }) => metadata.uid);
}

/**
 * What an object says, with the API server's defaults, but without what is different for each object: comparable with another object of
 * the same text. Secrets show by fingerprints.
 */
export function essenceOf(object: LiveObject): unknown {
  const { apiVersion, kind, metadata } = object;
  const own = (entries: Readonly<Record<string, string>> = {}) =>
    Object.fromEntries(Object.entries(entries).filter(([key]) => !OF_OTHERS.test(key)));
  const { status: _status, data: _data, metadata: _metadata, ...content } = object;
  return {
    ...{ apiVersion, kind, name: metadata.name, labels: own(metadata.labels), annotations: own(metadata.annotations) },
    ...(withoutChosen(content) as object),
    ...(kind === 'Secret' ? { data: fingerprintsIn(object) } : {}),
  };
}

function withoutChosen(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutChosen);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (CHOSEN.has(key) ? [] : [[key, withoutChosen(inner)]])),
  );
}

/**
 * What the API server makes of the objects that the constructs give for values, in a namespace where nothing stands in their way.
 * Nothing is kept there.
 */
export function plainEssences(values: Mapping, emptyNamespace: string): unknown[] {
  const objects = labSessionChart.objects(parseValues(values), emptyNamespace);
  return inOrder(kubectl.apply(objects, '--dry-run=server')).map(essenceOf);
}

/** Everything in a namespace but what every namespace has, or what is labelled. */
function contentsOf(namespace: string, ...options: string[]): string[] {
  const kinds = kubectl.run(['api-resources', '--namespaced', '--verbs=list', '-o', 'name']).trim().split('\n');
  const listed = kinds.filter((kind) => !/^(events(\..*)?|bindings)$/.test(kind)).join(',');
  const always = /^(serviceaccount\/default|configmap\/kube-root-ca\.crt)$/;
  return kubectl
    .run(['get', listed, '-n', namespace, '-o', 'name', ...options])
    .split('\n')
    .filter((name) => name !== '' && !always.test(name));
}

export const remainsOf = (namespace: string): string[] => contentsOf(namespace);

/** What remains in a namespace, or of a session, once the cluster has had time to remove what belongs to what is gone. */
export async function settledRemainsOf(namespace: string, id?: string): Promise<string[]> {
  const remains = (): string[] => contentsOf(namespace, ...(id === undefined ? [] : ['-l', `session-id=${id}`]));
  for (let tries = 0; tries < 100 && remains().length > 0; tries++) await sleep(200);
  return remains();
}
