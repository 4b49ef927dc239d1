import { at } from '@dozlab/charts/schema';
import { lacks } from './conditions';
import { type Desired, digestOf, specDigestOf } from './desired';
import type { KubeObject } from './live-objects';
import type { Action, Observed, Plan, Replacements } from './observed';
import { conditionOf } from './pod-findings';

export interface PodPlan extends Plan {
  /** The pod that is to stay. Without one, the findings are of a session without a pod. */
  readonly live?: KubeObject;
}

const FIRST_DELAY_SECONDS = 10;
const MOST_DELAY_SECONDS = 300;

/** A pod that is Ready for so long ends the count of replacements. */
const STEADY_SECONDS = 600;

/** The wait before a pod is made again: 10 s, 20 s and so on, to 5 minutes, as the kubelet waits with containers. */
export const delaySeconds = (count: number): number =>
  count === 0 ? 0 : Math.min(FIRST_DELAY_SECONDS * 2 ** (count - 1), MOST_DELAY_SECONDS);

/** What to do about the pod of a session. */
export function planPod(observed: Observed, { pod: wanted }: Desired): PodPlan {
  const { live, replacements } = observed;
  const pod = live.find(({ kind }) => kind === 'Pod');
  if (wanted === undefined) return suspended(pod, replacements);
  if (pod === undefined) return missing(wanted, observed);
  if (pod.metadata.deletionTimestamp !== undefined)
    return { ...waits('Ending', 'the pod before ends'), phase: 'Pending', replacements };
  if (hasEnded(pod)) return ended(pod, wanted, observed);
  if (specDigestOf(pod) !== specDigestOf(wanted)) return changed(pod, replacements);
  const phase = isReady(pod) ? 'Running' : at(pod, ['spec', 'nodeName']) === undefined ? 'Pending' : 'Starting';
  const actions: Action[] = digestOf(pod) === digestOf(wanted) ? [] : [{ verb: 'apply', object: wanted }];
  return { actions, findings: [], phase, live: pod, replacements: steady(pod, observed) };
}

function suspended(pod: KubeObject | undefined, replacements: Replacements): PodPlan {
  const isThere = pod !== undefined && pod.metadata.deletionTimestamp === undefined;
  const actions: Action[] = isThere ? [{ verb: 'delete', object: pod }] : [];
  return {
    ...waits('Suspended', 'the session is suspended'),
    actions,
    phase: 'Suspended',
    replacements: resetOf(replacements),
  };
}

function missing(wanted: KubeObject, { replacements, now }: Observed): PodPlan {
  const { count, last } = replacements;
  const left = last === undefined ? 0 : delaySeconds(count) - (now.getTime() - Date.parse(last)) / 1000;
  if (left > 0)
    return {
      ...waits(
        'BackOff',
        `pods of this session have ended ${String(count)} times; the next one starts in ${String(Math.ceil(left))} s`,
      ),
      ...{ phase: 'Pending', replacements, againSeconds: Math.ceil(left) },
    };
  return {
    ...waits('Creating', 'the pod is made'),
    ...{ actions: [{ verb: 'apply', object: wanted }], phase: 'Pending', replacements },
  };
}

/** A pod that has ended by itself: evicted, its node lost, or because its containers are not to be started again. */
function ended(pod: KubeObject, wanted: KubeObject, { replacements, now }: Observed): PodPlan {
  const cause = [at(pod, ['status', 'reason']), at(pod, ['status', 'message'])].filter(Boolean).join(': ');
  const message = cause === '' ? 'its containers have ended' : cause;
  if (at(wanted, ['spec', 'restartPolicy']) !== 'Always' && at(pod, ['status', 'reason']) === undefined)
    return { ...waits('Ended', message), phase: 'Ended', replacements, live: pod };
  return {
    ...waits('Replacing', `the pod has ended: ${message}`),
    actions: [
      event(
        'Warning',
        'PodEnded',
        `the pod has ended and is replaced: ${message}. What is not in a persistent volume is lost`,
      ),
      { verb: 'delete', object: pod },
    ],
    phase: 'Pending',
    replacements: { count: replacements.count + 1, last: now.toISOString() },
  };
}

function changed(pod: KubeObject, replacements: Replacements): PodPlan {
  return {
    ...waits('Replacing', 'the values have changed, so the pod is replaced'),
    actions: [
      event(
        'Warning',
        'PodReplaced',
        'the values have changed, so the pod is replaced. What is not in a persistent volume is lost',
      ),
      { verb: 'delete', object: pod },
    ],
    phase: 'Pending',
    replacements: resetOf(replacements),
  };
}

const event = (type: 'Normal' | 'Warning', reason: string, message: string): Action => ({
  ...{ verb: 'event', type, reason, message },
});

const waits = (reason: string, message: string): Pick<PodPlan, 'actions' | 'findings'> => ({
  actions: [],
  findings: [lacks('Scheduled', reason, message), lacks('Ready', reason, message)],
});

const resetOf = (replacements: Replacements): Replacements => (replacements.count === 0 ? replacements : { count: 0 });

function steady(pod: KubeObject, { replacements, now }: Observed): Replacements {
  const since = readySince(pod);
  const isSteady = since !== undefined && now.getTime() - Date.parse(since) >= STEADY_SECONDS * 1000;
  return isSteady ? resetOf(replacements) : replacements;
}

const hasEnded = (pod: KubeObject): boolean => ['Failed', 'Succeeded'].includes(String(at(pod, ['status', 'phase'])));

const isReady = (pod: KubeObject): boolean => readySince(pod) !== undefined;

function readySince(pod: KubeObject): string | undefined {
  const condition = conditionOf(pod, 'Ready');
  return condition?.status === 'True' ? condition.lastTransitionTime : undefined;
}
