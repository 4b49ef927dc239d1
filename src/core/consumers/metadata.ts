/**
 * Labels and annotations by which a program that delivers objects drops, keeps, hides or runs them. Dozlab or the program
 * itself sets them; a value of a session reaches all its objects.
 */
interface KeyMeaning {
  /** Also for Go, which has no lookahead. */
  readonly key: RegExp;
  /** @default none */
  readonly except?: RegExp;
  readonly does: string;
}

export const MEANINGS: readonly KeyMeaning[] = [
  {
    key: /^config\.kubernetes\.io\/local-config$/,
    does: 'kustomize and Flux leave the object out, and delete it if it runs',
  },
  {
    key: /^((internal|alpha)\.)?config\.(kubernetes|k8s)\.io\/|^kustomize\.config\.k8s\.io\//,
    does: 'kustomize keeps its own notes in it while it builds, and drops or merges objects by it',
  },
  {
    key: /^kustomize\.toolkit\.fluxcd\.io\//,
    does: 'Flux keeps, skips, replaces or counts the object as its own by it, so changes or deletions would not arrive',
  },
  {
    key: /^([a-z0-9-]+\.)*fluxcd\.io\/|^flux\.weave\.works\//,
    does: 'Flux hides the object from its corrections, or gives it to another controller, by it',
  },
  { key: /^helm\.sh\/hook/, does: 'Helm runs the object as a hook and no longer keeps or deletes it' },
  { key: /^helm\.sh\/resource-policy$/, does: 'Helm keeps the object when its session ends' },
  { key: /^helm\.sh\/(?!chart$)/, does: 'Helm orders, waits for or keeps the object by it' },
  { key: /^meta\.helm\.sh\//, does: 'Helm notes the release that owns the object in it, and refuses another owner' },
  {
    key: /^argocd\.argoproj\.io\/|^applications\.argoproj\.io\//,
    except: /^argocd\.argoproj\.io\/sync-wave$/,
    does: 'Argo CD keeps, skips, replaces, hides or runs the object as a hook by it',
  },
  {
    key: /^kubectl\.kubernetes\.io\/last-applied-configuration$/,
    does: 'kubectl notes in it what it applied, and deletes fields by it',
  },
  { key: /^applyset\.kubernetes\.io\//, does: 'kubectl deletes objects of its apply set by it' },
  {
    key: /^(cli-utils\.sigs\.k8s\.io|client\.lifecycle\.config\.k8s\.io|config\.k8s\.io|(internal\.)?kpt\.dev|(configmanagement|configsync)\.gke\.io)\//,
    does: 'kpt and Config Sync keep or skip the object by it',
  },
  { key: /^(kapp\.k14s\.io|kapp-config\.k14s\.io)\//, does: 'kapp owns, keeps, replaces or skips the object by it' },
  {
    key: /^(objectset\.rio|fleet)\.cattle\.io\//,
    does: 'K3s and Rancher Fleet delete objects of theirs that their sources no longer have by it',
  },
  {
    key: /^deployment\.kubernetes\.io\//,
    does: 'Kubernetes notes the state of a Deployment in it, and would fight over it',
  },
  {
    key: /^(pv|volume|volume\.beta)\.kubernetes\.io\//,
    does: 'Kubernetes notes in it the volume of a claim, and takes a new claim for bound, lost or another kind',
  },
  { key: /^addonmanager\.kubernetes\.io\//, does: 'the addon manager of Kubernetes deletes objects with it' },
];

/** Flux does not delete objects with `disabled` (Flux, "Kustomization", prune). */
export const PRUNE_ANNOTATION = 'kustomize.toolkit.fluxcd.io/prune';

/** @returns what a program does by a label or an annotation, or undefined */
export const meaningOfKey = (key: string): string | undefined =>
  MEANINGS.find((meaning) => meaning.key.test(key) && meaning.except?.test(key) !== true)?.does;

/** Argo CD skips a manifest that has this text anywhere, and deletes its objects. */
export const SKIP_MARKER = '+argocd:skip-file-rendering';

export const hasSkipMarker = (value: unknown): boolean => JSON.stringify(value).includes(SKIP_MARKER);
