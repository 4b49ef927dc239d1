import { claimsIn } from './claims';
import { podOf, volumesOf } from './pod';

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
export function remainsOf(before: string, after: string): Remains {
  const [claims, claimsAfter] = [claimsIn(before), claimsIn(after)];
  const pod = podOf(after);
  const volumes = volumesOf(pod?.spec);
  return split(before, ({ volume, claim }) => {
    if (claim === undefined) return false;
    const isThere = !claims.has(claim) || claimsAfter.has(claim);
    return isThere && (pod === undefined || volumes.get(volume) === claim);
  });
}

/** What is lost when a session ends with all its objects, its own claims among them, and what is not: claims that others made. */
export function remainsAtEnd(manifests: string): Remains {
  const claims = claimsIn(manifests);
  return split(manifests, ({ claim }) => claim !== undefined && !claims.has(claim));
}

function split(manifests: string, isKept: (store: Store) => boolean): Remains {
  const stores = storesIn(manifests);
  return {
    lost: stores.filter((store) => !isKept(store)).map(contentOf),
    kept: stores.filter(isKept).map(contentOf),
  };
}

const contentOf = ({ volume }: Store): string => CONTENTS[volume] ?? volume;

/** Where data is: in volumes of a pod that runs, and in claims. */
function storesIn(manifests: string): Store[] {
  const pod = podOf(manifests);
  const mounted = Array.from(volumesOf(pod?.spec), ([volume, claim]) => ({ volume, claim }));
  const others = Array.from(claimsIn(manifests).keys())
    .filter((claim) => mounted.every((store) => store.claim !== claim))
    .map((claim) => ({ volume: volumeOfClaim(claim), claim }));
  return [
    ...mounted.filter(
      ({ volume, claim }) => !WITHOUT_DATA.includes(volume) && (claim !== undefined || pod?.replicas !== 0),
    ),
    ...others,
  ];
}
