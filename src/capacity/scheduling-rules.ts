import type { SessionValues } from '../api/values/schema';
import type { Amounts } from '../model/pod-requests';

export interface Taint {
  readonly key: string;
  readonly value?: string | undefined;
  readonly effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
}

export interface NodePool {
  readonly name: string;
  readonly count: number;
  /** By resource name, `pods` included. A missing resource counts as zero. */
  readonly allocatable: Amounts;
  /** Requests of pods outside the project's sessions, `pods` included. */
  readonly taken: Amounts;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
}

/** The taint that `kubectl cordon` sets. */
export const UNSCHEDULABLE: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

export interface SchedulingRules {
  readonly nodeSelector: SessionValues['nodeSelector'];
  readonly tolerations: SessionValues['tolerations'];
  /** One term must match. Undefined: every node matches. */
  readonly terms?: readonly NodeTerm[] | undefined;
}

type NodeTerm = NonNullable<
  NonNullable<NonNullable<SessionValues['affinity']>['nodeAffinity']>['requiredDuringSchedulingIgnoredDuringExecution']
>['nodeSelectorTerms'][number];

type Requirement = NonNullable<NodeTerm['matchExpressions']>[number];

export const rulesOf = ({ nodeSelector, tolerations, affinity }: SessionValues): SchedulingRules => ({
  nodeSelector,
  tolerations,
  terms: affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms,
});

/** Values that restrict where a session runs and that placement ignores. */
export function uncountedRules({ affinity, topologySpreadConstraints, runtimeClassName }: SessionValues): string[] {
  const required = 'requiredDuringSchedulingIgnoredDuringExecution';
  return [
    ...((affinity?.podAffinity?.[required] ?? []).length > 0 ? ['affinity.podAffinity'] : []),
    ...((affinity?.podAntiAffinity?.[required] ?? []).length > 0 ? ['affinity.podAntiAffinity'] : []),
    ...(topologySpreadConstraints.some(({ whenUnsatisfiable }) => whenUnsatisfiable === 'DoNotSchedule')
      ? ['topologySpreadConstraints']
      : []),
    ...(runtimeClassName === undefined ? [] : ['runtimeClassName']),
  ];
}

export function admission(
  { nodeSelector, tolerations, terms }: SchedulingRules,
  { name, labels, taints }: Pick<NodePool, 'name' | 'labels' | 'taints'>,
): 'admitted' | 'labels' | 'taints' {
  const isSelected =
    Object.entries(nodeSelector).every(([key, value]) => labelOf(labels, key) === value) &&
    (terms === undefined || terms.some((term) => matches(term, name, labels)));
  if (!isSelected) return 'labels';
  const isTolerated = taints.every(
    (taint) => taint.effect === 'PreferNoSchedule' || tolerations.some((toleration) => tolerates(toleration, taint)),
  );
  return isTolerated ? 'admitted' : 'taints';
}

/** An empty term matches no node (Kubernetes, "Assigning Pods to Nodes"). */
function matches(
  { matchExpressions = [], matchFields = [] }: NodeTerm,
  name: string,
  labels: NodePool['labels'],
): boolean {
  if (matchExpressions.length === 0 && matchFields.length === 0) return false;
  return (
    matchExpressions.every((requirement) => holds(requirement, labelOf(labels, requirement.key))) &&
    matchFields.every(({ operator, values }) => values.includes(name) === (operator === 'In'))
  );
}

const labelOf = (labels: NodePool['labels'], key: string): string | undefined =>
  Object.hasOwn(labels, key) ? labels[key] : undefined;

function holds({ operator, values = [] }: Requirement, label: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return label !== undefined && values.includes(label);
    case 'NotIn':
      return label === undefined || !values.includes(label);
    case 'Exists':
      return label !== undefined;
    case 'DoesNotExist':
      return label === undefined;
    default: {
      const [bound = ''] = values;
      if (label === undefined || !isInteger(label) || !isInteger(bound)) return false;
      return operator === 'Gt' ? BigInt(label) > BigInt(bound) : BigInt(label) < BigInt(bound);
    }
  }
}

const isInteger = (text: string): boolean => /^-?[0-9]+$/.test(text);

/** Without a key all keys match, without an effect all effects (Kubernetes, "Taints and Tolerations"). */
function tolerates(
  { key, operator = 'Equal', value = '', effect }: SchedulingRules['tolerations'][number],
  taint: Taint,
): boolean {
  return (
    (effect === undefined || effect === taint.effect) &&
    (key === undefined || key === taint.key) &&
    (operator === 'Exists' || value === (taint.value ?? ''))
  );
}

export const requiredLabelKeys = ({ nodeSelector, terms = [] }: SchedulingRules): string[] => [
  ...Object.keys(nodeSelector),
  ...terms.flatMap(({ matchExpressions = [] }) => matchExpressions.map(({ key }) => key)),
];

export const requiresNodeNames = ({ terms = [] }: SchedulingRules): boolean =>
  terms.some(({ matchFields = [] }) => matchFields.length > 0);
