import { CLAIM, isClaimRefused } from './claims';
import { toleratesAllOf, withoutImages, withoutTolerations } from './pod';
import { partsOf, remainsAtEnd, remainsOf, type SessionParts } from './session-data';

/** What becomes of a session's pod. */
export type PodEffectKind =
  /** It runs on, as nothing of its template changes, or is stopped before and after. */
  | 'runs on'
  /** It is replaced by another one. */
  | 'restarts'
  | 'stops'
  | 'starts'
  /** It is replaced, and with it everything that belongs to the session. */
  | 'is made anew'
  /** The API server refuses the change (Kubernetes, "Pods", pod update and replacement; "Persistent Volumes", expanding claims). */
  | 'cannot change';

export interface PodEffect {
  readonly kind: PodEffectKind;
  /** Volumes whose content is lost. */
  readonly lost: readonly string[];
  /** Volumes whose content is in a claim that stays. */
  readonly kept: readonly string[];
  /** What the API server does not let change, of `cannot change`. */
  readonly refused?: 'Pod' | typeof CLAIM;
}

/**
 * What a change of a session's manifests does to its pod. A Deployment replaces its pod whenever anything in the template changes, and
 * what is in an emptyDir ends with the pod (Kubernetes, "Deployments" and "Volumes").
 * @param isMadeAnew whether all objects of the session are removed and made again
 */
export function podEffect(before: string, after: string, isMadeAnew = false): PodEffect {
  const [old, young] = [before, after].map(partsOf) as [SessionParts, SessionParts];
  const [was, is] = [old.pod, young.pod];
  const wasStopped = was === undefined || was.replicas === 0;
  const isStopped = is === undefined || is.replicas === 0;
  if (isMadeAnew) return { kind: 'is made anew', ...remainsAtEnd(old) };
  if (isClaimRefused(old.claims, young.claims)) return { kind: 'cannot change', lost: [], kept: [], refused: CLAIM };
  const remains = remainsOf(old, young);
  if (wasStopped && isStopped) return { kind: 'runs on', ...remains };
  if (wasStopped) return { kind: 'starts', ...remains };
  if (isStopped) return { kind: 'stops', ...remains };
  if (was.kind === is.kind && isSame(was.template, is.template)) return { kind: 'runs on', lost: [], kept: [] };
  if (was.kind === 'Pod' && is.kind === 'Pod') return effectOnPod(was.spec, is.spec);
  return { kind: 'restarts', ...remains };
}

/** Of a Pod only images may change, whose containers then start again with what is in its volumes; and it may tolerate more. */
function effectOnPod(before: unknown, after: unknown): PodEffect {
  const [was, is] = toleratesAllOf(after, before) ? [before, after].map(withoutTolerations) : [before, after];
  if (isSame(was, is)) return { kind: 'runs on', lost: [], kept: [] };
  if (isSame(withoutImages(was), withoutImages(is))) return { kind: 'restarts', lost: [], kept: [] };
  return { kind: 'cannot change', lost: [], kept: [], refused: 'Pod' };
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
