import { manifestsIn } from './manifest-text';
import { podOf, volumesOf, withoutImages, type SessionPod } from './pod';

/** What becomes of a session's pod. */
export type PodEffectKind =
  /** It runs on: nothing of its template changes, or it is stopped. */
  | 'runs on'
  /** It is replaced by another one. */
  | 'restarts'
  | 'stops'
  | 'starts'
  /** It is replaced, and with it everything that belongs to the session. */
  | 'is made anew'
  /** The API server refuses the change, as it is a Pod without a Deployment (Kubernetes, "Pods", pod update and replacement). */
  | 'cannot change';

export interface PodEffect {
  readonly kind: PodEffectKind;
  /** Volumes whose content is lost. */
  readonly lost: readonly string[];
  /** Volumes whose content is in a claim that stays. */
  readonly kept: readonly string[];
}

/** Volumes in which nobody keeps anything. */
const WITHOUT_DATA = ['shared-config'];

/** What volumes are to the people who work in them. */
const CONTENTS: Readonly<Record<string, string>> = {
  'vm-data': 'workspace',
  'vm-kernels': 'root file system of the microVM',
  'vscode-data': 'VS Code settings and home',
};

const contentOf = ([volume]: readonly [string, unknown]): string => CONTENTS[volume] ?? volume;

/**
 * What a change of a session's manifests does to its pod. A Deployment replaces its pod whenever anything in the template changes, and
 * what is in an emptyDir ends with the pod (Kubernetes, "Deployments" and "Volumes").
 * @param isMadeAnew whether all objects of the session are removed and made again
 */
export function podEffect(before: string, after: string, isMadeAnew = false): PodEffect {
  const [was, is] = [podOf(before), podOf(after)];
  const wasStopped = was === undefined || was.replicas === 0;
  const isStopped = is === undefined || is.replicas === 0;
  if (isMadeAnew) return { kind: 'is made anew', ...remainsAtEnd(before) };
  if (wasStopped) return { kind: isStopped ? 'runs on' : 'starts', lost: [], kept: [] };
  if (isStopped) return { kind: 'stops', ...remains(was, is) };
  if (was.kind === is.kind && isSame(was.template, is.template)) return { kind: 'runs on', lost: [], kept: [] };
  if (was.kind === 'Pod' && is.kind === 'Pod') {
    // Of a Pod, images alone may change; its containers then start again with what is in its volumes.
    const isImageAlone = isSame(withoutImages(was.spec), withoutImages(is.spec));
    return { kind: isImageAlone ? 'restarts' : 'cannot change', lost: [], kept: [] };
  }
  return { kind: 'restarts', ...remains(was, is) };
}

/** What is lost when a session ends with all its objects, its own claims among them, and what is not: claims that others made. */
export function remainsAtEnd(manifests: string): Pick<PodEffect, 'lost' | 'kept'> {
  const spec = podOf(manifests)?.spec;
  const own = manifestsIn(manifests).flatMap(({ object }) => (object.kind === CLAIM ? [object.name] : []));
  return split(spec, (claim) => !own.includes(claim));
}

/** What is lost when a pod is replaced by another one, or by none. */
function remains(was: SessionPod, is: SessionPod | undefined): Pick<PodEffect, 'lost' | 'kept'> {
  const after = volumesOf(is?.spec);
  return split(was.spec, (claim, volume) => is === undefined || after.get(volume) === claim);
}

const CLAIM = 'PersistentVolumeClaim';

function split(spec: unknown, isKept: (claim: string, volume: string) => boolean): Pick<PodEffect, 'lost' | 'kept'> {
  const volumes = Array.from(volumesOf(spec)).filter(([volume]) => !WITHOUT_DATA.includes(volume));
  const stays = ([volume, claim]: [string, string | undefined]): boolean =>
    claim !== undefined && isKept(claim, volume);
  return {
    lost: volumes.filter((each) => !stays(each)).map(contentOf),
    kept: volumes.filter(stays).map(contentOf),
  };
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
