import {
  isClaimRefused,
  partsOf,
  toleratesAllOf,
  volumesOf,
  withoutImages,
  withoutTolerations,
  type SessionParts,
} from './session-parts';

export type PodEffectKind =
  | 'runs on'
  | 'restarts'
  | 'stops'
  | 'starts'
  /** Kubernetes deletes all objects of the session and creates them again. */
  | 'is recreated'
  /**
   * The API server rejects the change (Kubernetes, "Pods", pod update and replacement; "Persistent Volumes", expanding
   * claims).
   */
  | 'cannot change';

export interface DataEffect {
  readonly lost: readonly string[];
  /** In a claim that stays. */
  readonly kept: readonly string[];
}

export interface PodEffect extends DataEffect {
  readonly kind: PodEffectKind;
  /** Only for `cannot change`. */
  readonly refused?: 'Pod' | 'PersistentVolumeClaim';
}

const NO_EFFECT: DataEffect = { lost: [], kept: [] };

/**
 * A Deployment replaces its pod when anything in the template changes (Kubernetes, "Deployments").
 * Kubernetes deletes emptyDir volumes with the pod (Kubernetes, "Volumes").
 */
export function podEffect(before: string, after: string, isRecreated = false): PodEffect {
  const [old, young] = [before, after].map(partsOf) as [SessionParts, SessionParts];
  const [was, is] = [old.pod, young.pod];
  const wasStopped = was === undefined || was.replicas === 0;
  const isStopped = is === undefined || is.replicas === 0;
  if (isRecreated) return { kind: 'is recreated', ...effectOfEnd(old) };
  if (isClaimRefused(old.claims, young.claims))
    return { kind: 'cannot change', ...NO_EFFECT, refused: 'PersistentVolumeClaim' };
  const data = effectOfReplacement(old, young);
  if (wasStopped && isStopped) return { kind: 'runs on', ...data };
  if (wasStopped) return { kind: 'starts', ...data };
  if (isStopped) return { kind: 'stops', ...data };
  if (was.kind === is.kind && isSame(was.template, is.template)) return { kind: 'runs on', ...NO_EFFECT };
  if (was.kind === 'Pod' && is.kind === 'Pod') return effectOnPod(was.spec, is.spec);
  return { kind: 'restarts', ...data };
}

/** A Pod allows new images, which restart containers and preserve volumes, and additional tolerations. */
function effectOnPod(before: unknown, after: unknown): PodEffect {
  const [was, is] = toleratesAllOf(after, before) ? [before, after].map(withoutTolerations) : [before, after];
  if (isSame(was, is)) return { kind: 'runs on', ...NO_EFFECT };
  if (isSame(withoutImages(was), withoutImages(is))) return { kind: 'restarts', ...NO_EFFECT };
  return { kind: 'cannot change', ...NO_EFFECT, refused: 'Pod' };
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

interface Store {
  readonly volume: string;
  /** Undefined for a volume that is deleted with the pod. */
  readonly claim: string | undefined;
}

const WITHOUT_DATA = ['shared-config'];

const CONTENTS: Readonly<Record<string, string>> = {
  'vm-data': 'workspace',
  'vm-kernels': 'root file system of the microVM',
  'vscode-data': 'VS Code settings and home',
};

function effectOfReplacement(before: SessionParts, after: SessionParts): DataEffect {
  const volumes = volumesOf(after.pod?.spec);
  return split(before, ({ volume, claim }) => {
    if (claim === undefined) return false;
    const isKept = !before.claims.has(claim) || after.claims.has(claim);
    return isKept && (after.pod === undefined || volumes.get(volume) === claim);
  });
}

/** All objects are deleted: only claims of others stay. */
export const effectOfEnd = (parts: SessionParts): DataEffect =>
  split(parts, ({ claim }) => claim !== undefined && !parts.claims.has(claim));

function split(parts: SessionParts, isKept: (store: Store) => boolean): DataEffect {
  const stores = storesIn(parts);
  return {
    lost: stores.filter((store) => !isKept(store)).map(contentOf),
    kept: stores.filter(isKept).map(contentOf),
  };
}

const contentOf = ({ volume }: Store): string => CONTENTS[volume] ?? volume;

function storesIn({ pod, claims }: SessionParts): Store[] {
  const mounted = Array.from(volumesOf(pod?.spec), ([volume, claim]) => ({ volume, claim }));
  const others = Array.from(claims.keys())
    .filter((claim) => mounted.every((store) => store.claim !== claim))
    .map((claim) => ({ volume: volumeOfClaim(claim), claim }));
  return [
    ...mounted.filter(
      ({ volume, claim }) => !WITHOUT_DATA.includes(volume) && (claim !== undefined || pod?.replicas !== 0),
    ),
    ...others,
  ];
}

/** The end of the claim's name. */
const volumeOfClaim = (claim: string): string =>
  Object.keys(CONTENTS).find((volume) => claim.endsWith(`-${volume}`)) ?? claim;
