import { claimsIn, type Claims } from './claims';
import { podOf, volumesOf, type SessionPod } from './pod';

/** What of a session's manifests decides about its data: to read them takes time. */
export interface SessionParts {
  /** Undefined when there is none, as of a suspended Pod. */
  readonly pod: SessionPod | undefined;
  readonly claims: Claims;
}

export const partsOf = (manifests: string): SessionParts => ({ pod: podOf(manifests), claims: claimsIn(manifests) });

/** What becomes of a session's data. */
export interface Remains {
  /** Volumes whose content is lost. */
  readonly lost: readonly string[];
  /** Volumes whose content is in a claim that stays. */
  readonly kept: readonly string[];
}

/** Where a session has data. */
interface Store {
  /** Name of the volume. */
  readonly volume: string;
  /** Undefined for what ends with the pod. */
  readonly claim: string | undefined;
}

/** Volumes in which nobody keeps anything. */
const WITHOUT_DATA = ['shared-config'];

/** What volumes are to the people who work in them. */
const CONTENTS: Readonly<Record<string, string>> = {
  'vm-data': 'workspace',
  'vm-kernels': 'root file system of the microVM',
  'vscode-data': 'VS Code settings and home',
};

/** Claims that the pod of a session has none of, as there is no pod, are called as their volumes at the end. */
const volumeOfClaim = (claim: string): string =>
  Object.keys(CONTENTS).find((volume) => claim.endsWith(`-${volume}`)) ?? claim;

/** What is lost when a pod is replaced by another one, or by none. */
export function remainsOf(before: SessionParts, after: SessionParts): Remains {
  const volumes = volumesOf(after.pod?.spec);
  return split(before, ({ volume, claim }) => {
    if (claim === undefined) return false;
    const isThere = !before.claims.has(claim) || after.claims.has(claim);
    return isThere && (after.pod === undefined || volumes.get(volume) === claim);
  });
}

/** What is lost when a session ends with all its objects, its own claims among them, and what is not: claims that others made. */
export const remainsAtEnd = (parts: SessionParts): Remains =>
  split(parts, ({ claim }) => claim !== undefined && !parts.claims.has(claim));

function split(parts: SessionParts, isKept: (store: Store) => boolean): Remains {
  const stores = storesIn(parts);
  return {
    lost: stores.filter((store) => !isKept(store)).map(contentOf),
    kept: stores.filter(isKept).map(contentOf),
  };
}

const contentOf = ({ volume }: Store): string => CONTENTS[volume] ?? volume;

/** Where data is: in volumes of a pod that runs, and in claims. */
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
