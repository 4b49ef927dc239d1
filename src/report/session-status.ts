import { at } from '@dozlab/charts/schema';
import type { Session } from '../model/session';

/** How a session is in the cluster. */
export interface SessionStatus {
  readonly cohort: string;
  readonly session: string;
  readonly namespace: string;
  /**
   * `missing` when nothing of it is there; `failed` when Flux could not make a release of it; `suspended` when it is to have no pod;
   * `refused` when the cluster takes no pod of it; `pending` when no node has it yet; `starting` until all its containers are ready; then
   * `running`; `ended` when its pod has ended and no other takes its place yet.
   */
  readonly state: 'missing' | 'failed' | 'suspended' | 'refused' | 'pending' | 'starting' | 'running' | 'ended';
  /** What the cluster says of it, if anything. */
  readonly message?: string;
}

/** The kinds of objects that tell of a session, as kubectl names them. */
export const TELLING_KINDS = ['deployments.apps', 'pods'];

/** What tells of a session that Helm delivers, where Flux is. */
export const RELEASE_KINDS = ['helmreleases.helm.toolkit.fluxcd.io'];

/** The objects of all sessions. */
export const SESSION_SELECTOR = 'session-id';

/** The status of sessions, by the objects of their namespaces. */
export function sessionStatus(
  sessions: readonly Session[],
  objectsIn: (namespace: string) => readonly unknown[],
): SessionStatus[] {
  const known = new Map<string, Map<string, unknown[]>>();
  const objectsOf = (namespace: string, id: string): readonly unknown[] => {
    const inside = known.get(namespace) ?? byId(objectsIn(namespace));
    known.set(namespace, inside);
    return inside.get(id) ?? [];
  };
  return sessions.map(({ cohort, id, namespace }) => ({
    cohort,
    session: id,
    namespace,
    ...told(objectsOf(namespace, id)),
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

type Told = Pick<SessionStatus, 'state' | 'message'>;

function told(objects: readonly unknown[]): Told {
  const ofKind = (kind: string): unknown[] => objects.filter((object) => at(object, ['kind']) === kind);
  const [deployment] = ofKind('Deployment');
  const pods = ofKind('Pod').filter((pod) => at(pod, ['metadata', 'deletionTimestamp']) === undefined);
  // Pods that have ended, such as evicted ones, stay beside those that take their place.
  const pod = pods.findLast(isReady) ?? pods.findLast((each) => !hasEnded(each)) ?? pods.at(-1);
  const failed = releaseFailure(ofKind('HelmRelease').at(0));
  const change = failed === undefined ? {} : { message: `the last change has not arrived: ${failed}` };
  if (deployment !== undefined && at(deployment, ['spec', 'replicas']) === 0) return { state: 'suspended', ...change };
  if (pod !== undefined) return { ...change, ...ofPod(pod) };
  if (deployment === undefined)
    return failed === undefined ? { state: 'missing' } : { state: 'failed', message: failed };
  const failure = condition(deployment, 'ReplicaFailure');
  return failure?.status === 'True'
    ? { state: 'refused', ...saying(failure.message) }
    : { state: 'pending', ...change };
}

/** Why Helm could not make or change a release: `Ready` says only that it is tried again. */
function releaseFailure(release: unknown): string | undefined {
  const failed = ['Released', 'Ready'].map((type) => condition(release, type)).find((each) => each?.status === 'False');
  return failed === undefined ? undefined : (failed.message ?? 'Helm does not say why');
}

const isReady = (pod: unknown): boolean => condition(pod, 'Ready')?.status === 'True';

const phaseOf = (pod: unknown): unknown => at(pod, ['status', 'phase']);

const hasEnded = (pod: unknown): boolean => ['Failed', 'Succeeded'].includes(String(phaseOf(pod)));

/** Why a pod has ended: `Evicted: The node was low on resource: memory`. */
const endOf = (pod: unknown): string | undefined => {
  const told = ['reason', 'message'].map((key) => at(pod, ['status', key])).filter((text) => typeof text === 'string');
  return told.length === 0 ? undefined : told.join(': ');
};

function ofPod(pod: unknown): Told {
  if (isReady(pod)) return { state: 'running' };
  if (hasEnded(pod)) return { state: 'ended', ...saying(endOf(pod)) };
  const scheduled = condition(pod, 'PodScheduled');
  if (scheduled?.status !== 'True') return { state: 'pending', ...saying(scheduled?.message) };
  const statuses = ['initContainerStatuses', 'containerStatuses'].flatMap(
    (key) => (at(pod, ['status', key]) ?? []) as unknown[],
  );
  const waiting = statuses.flatMap((status) => {
    const reason = at(status, ['state', 'waiting', 'reason']);
    const isUsual = typeof reason !== 'string' || reason === 'PodInitializing' || reason === 'ContainerCreating';
    const message = at(status, ['state', 'waiting', 'message']);
    return isUsual
      ? []
      : [`${String(at(status, ['name']))}: ${reason}${typeof message === 'string' ? `: ${message}` : ''}`];
  });
  return { state: 'starting', ...saying(waiting.length === 0 ? undefined : waiting.join('; ')) };
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly message?: string;
}

const condition = (object: unknown, type: string): Condition | undefined =>
  ((at(object, ['status', 'conditions']) ?? []) as Condition[]).find((each) => each.type === type);

const saying = (message: string | undefined): { message?: string } => (message === undefined ? {} : { message });
