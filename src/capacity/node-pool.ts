import type { Amounts } from '../model/pod-requests';

/** What keeps pods off a node (Kubernetes, "Taints and Tolerations"). */
export interface Taint {
  readonly key: string;
  readonly value?: string | undefined;
  readonly effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
}

/** A node, or several that are alike. */
export interface NodePool {
  /** Name of the node, or of the pool. */
  readonly name: string;
  readonly count: number;
  /** What each node has for pods, by resource name; `pods` among it. What is not listed it has none of. */
  readonly allocatable: Amounts;
  /** What pods that are no sessions of the project take of each node; `pods` among it. */
  readonly taken: Amounts;
  readonly labels: Readonly<Record<string, string>>;
  /** With that of a node that is cordoned. */
  readonly taints: readonly Taint[];
}

/** The taint of a node that `kubectl cordon` has closed. */
export const UNSCHEDULABLE: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };
