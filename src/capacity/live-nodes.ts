import { DozlabError } from '../core/errors';
import { podRequests, sum, type Amounts } from '../model/pod-requests';
import type { RunningPod } from '../kube/kubectl';
import type { NodePool } from './node-pool';
import { takenOfNode } from './pod-group';
import type { ProjectState } from './project-state';

/**
 * Nodes with what the pods on them take, but for those of the project's sessions: these are counted from the project. Pods that have ended
 * take nothing.
 * @throws DozlabError with code `unsupported` when a pod asks for a quantity that cannot be read
 */
export function withPods(nodes: readonly NodePool[], pods: readonly RunningPod[], state: ProjectState): NodePool[] {
  const own = new Set(state.resolved.sessions.map(({ namespace, id }) => `${namespace}/${id}`));
  const byNode = new Map<string, Amounts[]>();
  for (const { namespace, session, node, spec } of pods) {
    if (session !== '' && own.has(`${namespace}/${session}`)) continue;
    const taken = requestsOf(spec, namespace, node);
    const others = byNode.get(node);
    if (others === undefined) byNode.set(node, [taken]);
    else others.push(taken);
  }
  return nodes.map((node) => ({ ...node, taken: sum([node.taken, ...(byNode.get(node.name) ?? [])]) }));
}

function requestsOf(spec: unknown, namespace: string, node: string): Amounts {
  try {
    return takenOfNode(podRequests(spec));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new DozlabError('unsupported', `a pod of the namespace ${namespace} on the node ${node}: ${error.message}`, {
      cause: error,
    });
  }
}
