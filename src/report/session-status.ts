import { deliveryOf } from '../manifests/deliveries';
import { at } from '@dozlab/charts/schema';
import { DozlabError } from '../core/errors';
import type { Kubectl } from '../kube/kubectl';
import type { ResolvedProject } from '../model/project';
import type { Session } from '../model/session';
import { containerCause } from './container-cause';

export interface SessionStatus {
  readonly cohort: string;
  readonly session: string;
  readonly namespace: string;
  /**
   * - `missing`: no object exists
   * - `failed`: Helm could not install the release
   * - `suspended`: the Deployment has no replicas
   * - `refused`: the API server rejects the pod
   * - `pending`: no node has the pod yet
   * - `starting`: not all containers are ready
   * - `running`
   * - `ended`: the pod has ended and none replaces it yet
   */
  readonly state: 'missing' | 'failed' | 'suspended' | 'refused' | 'pending' | 'starting' | 'running' | 'ended';
  readonly message?: string;
}

type State = Pick<SessionStatus, 'state' | 'message'>;

const WORKLOAD_KINDS = ['deployments.apps', 'pods'];
const RELEASE_KINDS = ['helmreleases.helm.toolkit.fluxcd.io'];
const SELECTOR = 'session-id';

export function liveStatus(
  kubectl: Kubectl,
  { cohorts }: Pick<ResolvedProject, 'cohorts'>,
  sessions: readonly Session[],
): SessionStatus[] {
  return sessionStatus(sessions, (namespace) => {
    const hasReleases = cohorts.some((cohort) => cohort.namespace === namespace && deliveryOf(cohort).usesHelm);
    return [
      ...kubectl.objects(namespace, WORKLOAD_KINDS, SELECTOR),
      ...(hasReleases ? releasesIn(kubectl, namespace) : []),
    ];
  });
}

/** Empty if the cluster has no Flux, or if the user may not read releases. */
function releasesIn(kubectl: Kubectl, namespace: string): unknown[] {
  try {
    return kubectl.objects(namespace, RELEASE_KINDS, SELECTOR);
  } catch (error) {
    if (error instanceof DozlabError && error.code === 'failed-tool') return [];
    throw error;
  }
}

export function sessionStatus(
  sessions: readonly Session[],
  objectsIn: (namespace: string) => readonly unknown[],
): SessionStatus[] {
  const namespaces = new Map<string, Map<string, unknown[]>>();
  const objectsOf = (namespace: string, id: string): readonly unknown[] => {
    const objects = namespaces.get(namespace) ?? byId(objectsIn(namespace));
    namespaces.set(namespace, objects);
    return objects.get(id) ?? [];
  };
  return sessions.map(({ cohort, id, namespace }) => ({
    cohort,
    session: id,
    namespace,
    ...stateOf(objectsOf(namespace, id)),
  }));
}

function byId(objects: readonly unknown[]): Map<string, unknown[]> {
  const found = new Map<string, unknown[]>();
  for (const object of objects) {
    const id = String(at(object, ['metadata', 'labels', 'session-id']));
    found.set(id, [...(found.get(id) ?? []), object]);
  }
  return found;
}

function stateOf(objects: readonly unknown[]): State {
  const ofKind = (kind: string): unknown[] => objects.filter((object) => at(object, ['kind']) === kind);
  const [deployment] = ofKind('Deployment');
  const pods = ofKind('Pod').filter((pod) => at(pod, ['metadata', 'deletionTimestamp']) === undefined);
  // Ended pods, such as evicted ones, stay beside their replacements.
  const pod = pods.findLast(isReady) ?? pods.findLast((each) => !hasEnded(each)) ?? pods.at(-1);
  const failed = releaseFailure(ofKind('HelmRelease').at(0));
  const change = failed === undefined ? {} : { message: `the last change is not applied: ${failed}` };
  if (deployment !== undefined && at(deployment, ['spec', 'replicas']) === 0) return { state: 'suspended', ...change };
  if (pod !== undefined) return { ...change, ...stateOfPod(pod, hasEnded(pod) ? undefined : pods.findLast(hasEnded)) };
  if (deployment === undefined)
    return failed === undefined ? { state: 'missing' } : { state: 'failed', message: failed };
  const failure = condition(deployment, 'ReplicaFailure');
  return failure?.status === 'True'
    ? { state: 'refused', ...withMessage(failure.message) }
    : { state: 'pending', ...change };
}

/** Checks `Released` first: `Ready` says only that Flux tries again. */
function releaseFailure(release: unknown): string | undefined {
  const failed = ['Released', 'Ready'].map((type) => condition(release, type)).find((each) => each?.status === 'False');
  return failed === undefined ? undefined : (failed.message ?? 'Helm gives no reason');
}

const isReady = (pod: unknown): boolean => condition(pod, 'Ready')?.status === 'True';

const hasEnded = (pod: unknown): boolean => ['Failed', 'Succeeded'].includes(String(at(pod, ['status', 'phase'])));

const reasonOfEnd = (pod: unknown): string | undefined => {
  const texts = ['reason', 'message'].map((key) => at(pod, ['status', key])).filter((text) => typeof text === 'string');
  return texts.length === 0 ? undefined : texts.join(': ');
};

/** @param before the pod that this one replaces, such as an evicted one */
function stateOfPod(pod: unknown, before: unknown): State {
  if (isReady(pod)) return { state: 'running' };
  if (hasEnded(pod)) return { state: 'ended', ...withMessage(reasonOfEnd(pod)) };
  const scheduled = condition(pod, 'PodScheduled');
  if (scheduled?.status !== 'True') return { state: 'pending', ...withMessage(scheduled?.message) };
  const statuses = ['initContainerStatuses', 'containerStatuses'].flatMap(
    (key) => (at(pod, ['status', key]) ?? []) as unknown[],
  );
  const replaced = before === undefined ? undefined : reasonOfEnd(before);
  const causes = [
    ...statuses.flatMap((status) => containerCause(status) ?? []),
    ...(replaced === undefined ? [] : [`the pod before ended: ${replaced}`]),
  ];
  return { state: 'starting', ...withMessage(causes.length === 0 ? undefined : causes.join('; ')) };
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly message?: string;
}

const condition = (object: unknown, type: string): Condition | undefined =>
  ((at(object, ['status', 'conditions']) ?? []) as Condition[]).find((each) => each.type === type);

const withMessage = (message: string | undefined): { message?: string } => (message === undefined ? {} : { message });
