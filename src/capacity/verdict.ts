import { quantityOf, quantityWithin } from '../model/pod-requests';
import type { Capacity } from './capacity';
import { grouped } from '../core/group-by';
import type { AdmittingNodes } from './node-states';
import type { NamespaceUsage } from './quota-usage';
import type { PlacedGroup, Placement } from './placement';

export interface Reason {
  readonly scope: 'quota' | 'admission' | 'nodes';
  /** The cohorts of the namespace, or the cohort of the sessions without a node. */
  readonly cohorts: readonly string[];
  /** Absent for nodes. */
  readonly namespace?: string;
  /** Sessions without a node, or with an object that the namespace refuses; absent for a quota. */
  readonly sessions?: readonly string[];
  /** Absent if no node admits the sessions, no single node has enough of all resources, or a namespace refuses them. */
  readonly resource?: string;
  /** Sum of all sessions of the namespace, or the request of one session. */
  readonly asked?: string;
  /** Limit of the quota, or the free amount on the node with the most. */
  readonly limit?: string;
  readonly text: string;
}

export interface Verdict {
  /** Null if nothing was checked. */
  readonly fits: boolean | null;
  readonly reasons: readonly Reason[];
  /**
   * `fits`, `does not fit: ` and the reasons, or `not checked: ` and what is missing. `fits; not checked: …` if only a
   * part was checked.
   */
  readonly text: string;
}

/** @param cohort limits the reasons to one cohort; the requests of the others still count */
export function verdict(capacity: Capacity, placement?: Placement, cohort?: string): Verdict {
  const reasons = [
    ...admissionReasons(capacity),
    ...quotaReasons(capacity),
    ...(placement === undefined ? [] : nodeReasons(placement)),
  ].filter(({ cohorts }) => cohort === undefined || cohorts.includes(cohort));
  if (reasons.length > 0)
    return { fits: false, reasons, text: `does not fit: ${reasons.map((reason) => reason.text).join('; ')}` };
  const running = capacity.cohorts
    .filter((each) => each.running > 0 && (cohort === undefined || each.cohort === cohort))
    .map((each) => each.cohort);
  if (running.length === 0) return { fits: null, reasons, text: 'not checked: no session runs' };
  const namespaces = capacity.namespaces.filter(({ cohorts }) => cohorts.some((each) => running.includes(each)));
  const withoutQuota = namespaces.filter(({ resources }) => resources.every(({ used }) => used === undefined));
  const gaps = [
    ...(withoutQuota.length === 0 ? [] : [quotaGap(withoutQuota, namespaces.length)]),
    ...(placement === undefined ? ['no nodes'] : []),
  ];
  const isChecked = withoutQuota.length < namespaces.length || placement !== undefined;
  const unchecked = gaps.length === 0 ? [] : [`not checked: ${gaps.join(', ')}`];
  return { fits: isChecked ? true : null, reasons, text: [...(isChecked ? ['fits'] : []), ...unchecked].join('; ') };
}

const MOST_COHORTS = 3;

function quotaGap(without: readonly NamespaceUsage[], all: number): string {
  if (without.length === all) return 'no maxSessions';
  const cohorts = without.flatMap((usage) => usage.cohorts);
  const more = cohorts.length - MOST_COHORTS;
  return `no maxSessions in ${cohorts.slice(0, MOST_COHORTS).join(', ')}${more > 0 ? ` and ${String(more)} more` : ''}`;
}

const admissionReasons = ({ namespaces }: Capacity): Reason[] =>
  namespaces.flatMap(({ namespace, refused }) =>
    refused.map(({ cohort, kind, sessions, refusal }) => ({
      scope: 'admission' as const,
      cohorts: [cohort],
      namespace,
      sessions,
      text: `${cohort}: ${namespace} refuses the ${kind} of ${String(sessions.length)} ${sessions.length === 1 ? 'session' : 'sessions'}: ${refusal.message}`,
    })),
  );

const quotaReasons = ({ namespaces }: Capacity): Reason[] =>
  namespaces.flatMap(({ namespace, cohorts, excesses }) =>
    excesses.map(({ resource, asked, limit }) => ({
      scope: 'quota' as const,
      cohorts,
      namespace,
      resource,
      asked,
      limit,
      text: `${cohorts.join(', ')}: ${resourceWords(resource)} ${asked} requested, the quota of ${namespace} has ${limit}`,
    })),
  );

function nodeReasons({ groups }: Placement): Reason[] {
  const found = groups.filter(({ unplaced }) => unplaced.length > 0).flatMap(reasonsOf);
  const byReason = grouped(found, ({ sessions: _, ...reason }) => JSON.stringify(reason));
  return Array.from(byReason.values()).flatMap((reasons) => {
    const [first] = reasons;
    if (first === undefined) return [];
    const { what, ...reason } = first;
    const sessions = reasons.flatMap((each) => each.sessions);
    const count = `${String(sessions.length)} ${sessions.length === 1 ? 'session' : 'sessions'}`;
    return [{ ...reason, sessions, text: `${count} of ${reason.cohorts.join(', ')} without a node: ${what}` }];
  });
}

type Lack = Omit<Reason, 'text' | 'sessions'> & { readonly sessions: readonly string[]; readonly what: string };

function reasonsOf({ cohort, unplaced, shortage }: PlacedGroup): Lack[] {
  const common = { scope: 'nodes' as const, cohorts: [cohort], sessions: unplaced };
  const { nodes = { admitted: 0, labels: 0, taints: 0 }, resources = [] } = shortage ?? {};
  const barred = barredNodes(nodes);
  if (nodes.admitted === 0)
    return [{ ...common, what: barred === '' ? 'there are no nodes' : `no node admits them${barred}` }];
  if (resources.length === 0) return [{ ...common, what: `no node has enough of all resources${barred}` }];
  return resources.map(({ resource, asked, largestFree }) => {
    const amounts = { asked: quantityOf(resource, asked), limit: quantityWithin(resource, largestFree) };
    return {
      ...common,
      resource,
      ...amounts,
      what: `each requests ${resourceWords(resource)} ${amounts.asked}, the most free on a node is ${amounts.limit}${barred}`,
    };
  });
}

function barredNodes({ labels, taints }: AdmittingNodes): string {
  const barred = [
    ...(labels > 0 ? [`${String(labels)} without the required labels`] : []),
    ...(taints > 0 ? [`${String(taints)} with a taint that they do not tolerate`] : []),
  ];
  return barred.length === 0 ? '' : ` (nodes: ${barred.join(', ')})`;
}

const WORDS: Readonly<Record<string, string>> = {
  cpu: 'CPU',
  memory: 'memory',
  'ephemeral-storage': 'ephemeral storage',
  storage: 'storage of claims',
  pods: 'pods',
  'count/pods': 'pods',
  persistentvolumeclaims: 'claims',
  'count/persistentvolumeclaims': 'claims',
};

/** @example `CPU` for requests.cpu, `limits of memory` for limits.memory */
export function resourceWords(resource: string): string {
  const name = resource.replace(/^(requests|limits)\./, '');
  const word = WORDS[name] ?? (name.includes('/') ? `devices (${name})` : name);
  return resource.startsWith('limits.') ? `limits of ${word}` : word;
}
