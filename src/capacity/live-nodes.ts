import { DozlabError } from '../core/errors';
import { podRequests } from '../admission/pod-resources';
import type { PodSpec } from '../admission/resource-list';
import { sum, type Amounts } from '../model/pod-requests';
import type { Kubectl, RunningPod } from '../kube/kubectl';
import { readNodes, type ReadNodes } from './node-file';
import { schedulerRequests } from './pod-group';
import type { ProjectState } from './project-state';
import type { NodePool } from './scheduling-rules';

/**
 * Skips pods of the project's sessions, because placement adds them.
 * @throws DozlabError with code `missing-tool` or `failed-tool`, or `unsupported` for an invalid quantity of a pod
 */
export function readLiveNodes(kubectl: Kubectl, state: ProjectState): ReadNodes {
  const { pools, problems } = readNodes('kubectl get nodes', kubectl.nodes());
  return { pools: problems.length > 0 ? pools : withPods(pools, kubectl.runningPods('session-id'), state), problems };
}

export function withPods(nodes: readonly NodePool[], pods: readonly RunningPod[], state: ProjectState): NodePool[] {
  const own = new Set(state.resolved.sessions.map(({ namespace, id }) => `${namespace}/${id}`));
  const byNode = new Map<string, Amounts[]>();
  for (const { namespace, label: session, node, spec } of pods) {
    if (session !== '' && own.has(`${namespace}/${session}`)) continue;
    const requests = requestsOf(spec, namespace, node);
    const others = byNode.get(node);
    if (others === undefined) byNode.set(node, [requests]);
    else others.push(requests);
  }
  return nodes.map((node) => ({ ...node, taken: sum([node.taken, ...(byNode.get(node.name) ?? [])]) }));
}

function requestsOf(spec: unknown, namespace: string, node: string): Amounts {
  try {
    return schedulerRequests(podRequests(spec as PodSpec));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new DozlabError('unsupported', `a pod of the namespace ${namespace} on the node ${node}: ${error.message}`, {
      cause: error,
    });
  }
}
