import {
  isClaimRefused,
  partsOf,
  toleratesAllOf,
  volumesOf,
  withoutImages,
  withoutTolerations,
  type SessionParts,
} from './session-parts';

/** What a change does to a session's pod. */
export type PodEffectKind =
  /** The pod stays, or there is none before and after. */
  | 'runs on'
  /** Another pod replaces it. */
  | 'restarts'
  | 'stops'
  | 'starts'
  /** All objects of the session are deleted and created again. */
  | 'is recreated'
  /** The API server refuses the change (Kubernetes, "Pods", pod update and replacement; "Persistent Volumes", expanding claims). */
  | 'cannot change';

/** What happens to the content of a session's volumes, by the words that people use for them. */
export interface DataEffect {
  readonly lost: readonly string[];
  /** In a claim that stays. */
  readonly kept: readonly string[];
}

export interface PodEffect extends DataEffect {
  readonly kind: PodEffectKind;
  /** The kind of the object that the API server refuses to change, of `cannot change`. */
  readonly refused?: 'Pod' | 'PersistentVolumeClaim';
}

const NO_EFFECT: DataEffect = { lost: [], kept: [] };

/**
 * What a change of a session's manifests does to its pod. A Deployment replaces its pod when anything in the template changes, and
 * Kubernetes deletes emptyDir volumes with the pod (Kubernetes, "Deployments" and "Volumes").
 * @param isRecreated whether all objects of the session are deleted and created again
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

/** Only images of a Pod may change, which restarts the containers and keeps the volumes; and tolerations may be added. */
function effectOnPod(before: unknown, after: unknown): PodEffect {
  const [was, is] = toleratesAllOf(after, before) ? [before, after].map(withoutTolerations) : [before, after];
  if (isSame(was, is)) return { kind: 'runs on', ...NO_EFFECT };
  if (isSame(withoutImages(was), withoutImages(is))) return { kind: 'restarts', ...NO_EFFECT };
  return { kind: 'cannot change', ...NO_EFFECT, refused: 'Pod' };
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** A place with data of a session. */
interface Store {
  readonly volume: string;
  /** Undefined for a volume that is deleted with the pod. */
  readonly claim: string | undefined;
}

/** Volumes that hold nothing of the user. */
const WITHOUT_DATA = ['shared-config'];

const CONTENTS: Readonly<Record<string, string>> = {
  'vm-data': 'workspace',
  'vm-kernels': 'root file system of the microVM',
  'vscode-data': 'VS Code settings and home',
};

/** When another pod, or none, replaces the pod. */
function effectOfReplacement(before: SessionParts, after: SessionParts): DataEffect {
  const volumes = volumesOf(after.pod?.spec);
  return split(before, ({ volume, claim }) => {
    if (claim === undefined) return false;
    const isThere = !before.claims.has(claim) || after.claims.has(claim);
    return isThere && (after.pod === undefined || volumes.get(volume) === claim);
  });
}

/** When all objects of a session are deleted: only claims that others made stay. */
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

/** The volumes of a running pod, and all claims. */
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

/** The volume of a claim that no pod mounts, by the end of its name. */
const volumeOfClaim = (claim: string): string =>
  Object.keys(CONTENTS).find((volume) => claim.endsWith(`-${volume}`)) ?? claim;
