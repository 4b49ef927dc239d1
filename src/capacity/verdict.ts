import { quantityOf, quantityWithin } from '../model/pod-requests';
import type { Capacity } from './capacity';
import { grouped } from '../core/group-by';
import type { AdmittingNodes } from './node-states';
import type { PlacedGroup, Placement } from './placement';
import { resourceWords } from './resource-words';

/** Why sessions do not fit. */
export interface Reason {
  /** What they do not fit into. */
  readonly scope: 'quota' | 'nodes';
  /** The cohorts that it concerns: those of the namespace, or that of the sessions without a node. */
  readonly cohorts: readonly string[];
  /** The namespace whose quota it is; absent for nodes. */
  readonly namespace?: string;
  /** The sessions that have no node; absent for a quota. */
  readonly sessions?: readonly string[];
  /** The resource, as quota or nodes name it; absent when no node may run the sessions, or only all resources together are short. */
  readonly resource?: string;
  /** What all sessions of the namespace ask for, or what each session asks its node for. */
  readonly asked?: string;
  /** What the quota has, or what is free on the node that has most. */
  readonly limit?: string;
  /** The same in words. */
  readonly text: string;
}

/** Whether a project's sessions fit. */
export interface Verdict {
  readonly fits: boolean;
  readonly reasons: readonly Reason[];
  /** `fits`, or `does not fit: ` and why. */
  readonly text: string;
}

/**
 * Whether all sessions that are to run fit into the quotas of their namespaces and, if a placement is given, onto the nodes.
 * @param cohort only what concerns this cohort; the others take their share all the same
 */
export function verdict(capacity: Capacity, placement?: Placement, cohort?: string): Verdict {
  const reasons = [...quotaReasons(capacity), ...(placement === undefined ? [] : nodeReasons(placement))].filter(
    ({ cohorts }) => cohort === undefined || cohorts.includes(cohort),
  );
  const text = reasons.length === 0 ? 'fits' : `does not fit: ${reasons.map((reason) => reason.text).join('; ')}`;
  return { fits: reasons.length === 0, reasons, text };
}

const quotaReasons = ({ namespaces }: Capacity): Reason[] =>
  namespaces.flatMap(({ namespace, cohorts, excesses }) =>
    excesses.map(({ resource, asked, limit }) => ({
      scope: 'quota' as const,
      cohorts,
      namespace,
      resource,
      asked,
      limit,
      text: `${cohorts.join(', ')}: ${resourceWords(resource)} ${asked} asked for, the quota of ${namespace} has ${limit}`,
    })),
  );

/** One reason for each cohort and each thing that its sessions lack. */
function nodeReasons({ groups }: Placement): Reason[] {
  const found = groups.filter(({ unplaced }) => unplaced.length > 0).flatMap(reasonsOf);
  const alike = grouped(found, ({ sessions: _, ...reason }) => JSON.stringify(reason));
  return Array.from(alike.values()).flatMap((reasons) => {
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
    return [{ ...common, what: barred === '' ? 'there are no nodes' : `no node may run them${barred}` }];
  if (resources.length === 0) return [{ ...common, what: `no node has all that one asks for free together${barred}` }];
  return resources.map(({ resource, asked, largestFree }) => {
    const amounts = { asked: quantityOf(resource, asked), limit: quantityWithin(resource, largestFree) };
    return {
      ...common,
      resource,
      ...amounts,
      what: `each asks for ${resourceWords(resource)} ${amounts.asked}, the largest free on a node is ${amounts.limit}${barred}`,
    };
  });
}

/** The nodes that may not run them, in words. */
function barredNodes({ labels, taints }: AdmittingNodes): string {
  const barred = [
    ...(labels > 0 ? [`${String(labels)} without the labels asked for`] : []),
    ...(taints > 0 ? [`${String(taints)} with a taint that is not tolerated`] : []),
  ];
  return barred.length === 0 ? '' : ` (nodes: ${barred.join(', ')})`;
}
