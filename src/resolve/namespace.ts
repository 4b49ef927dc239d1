import { NO_RULES } from '../admission/admit';
import type { SessionSize } from '../admission/session-size';
import { limitRangesOf } from './namespace-rules';
import { hardLimits } from './quota-amounts';
import { infraSettings, type InfraSettings } from '../api/settings/infra';
import { fluxNameOf } from '../model/cohort';
import { type Namespace, isOwnNamespace } from '../model/project';
import { at, type Path } from '@dozlab/charts/schema';
import { cohortValues, imagesOf, labValues } from './value-layers';
import { cohortDelivery, layeredSettings, namespaceOf, ownerOf } from './cohort';
import type { CohortDocument, Documents } from '../source/document';
import type { Diagnostics } from '../core/diagnostics';
import { larger, type SessionSizes } from './sizes';

const INFRA: Path = ['spec', 'infra'];
const NAMESPACE: Path = ['spec', 'namespace'];

/** Kubernetes limits a CEL expression to 100,000 characters. One refused policy stops dist/infra, so all cohorts. */
const LONGEST_IMAGES = 90_000;

export interface ResolvedNamespace {
  readonly cohort: string;
  readonly maxSessions?: number | undefined;
  readonly namespace: Namespace;
}

export function resolveNamespaces(
  documents: Documents,
  sizes: SessionSizes,
  diagnostics: Diagnostics,
): ResolvedNamespace[] {
  const found = new Map<string, ResolvedNamespace>();
  const taken = takenNamespaces(documents);
  for (const cohort of documents.cohorts) {
    const settings = layeredSettings(INFRA, infraSettings, documents, cohort, diagnostics);
    if (settings === undefined) continue;
    checkManager(documents, cohort, settings, taken, diagnostics);
    const name = namespaceOf(cohort);
    const maxSessions = cohort.value?.spec.maxSessions ?? documents.project.value?.spec.maxSessions;
    const other = found.get(name);
    if (other === undefined) {
      const namespace = resolveNamespace(documents, cohort, settings, maxSessions, sizes, diagnostics);
      found.set(name, { cohort: cohort.name, maxSessions, namespace });
    } else if (
      JSON.stringify([other.namespace.settings, other.maxSessions]) !== JSON.stringify([settings, maxSessions])
    ) {
      const message = `is ${name}, which the cohort ${other.cohort} has too, with another maxSessions or infra; accepted: the same in both, or a namespace of its own`;
      diagnostics.error(ownerOf(NAMESPACE, cohort, documents.project), NAMESPACE, 'conflict', message);
    }
  }
  return Array.from(found.values());
}

function resolveNamespace(
  documents: Documents,
  cohort: CohortDocument,
  settings: InfraSettings,
  maxSessions: number | undefined,
  sizes: SessionSizes,
  diagnostics: Diagnostics,
): Namespace {
  const name = namespaceOf(cohort);
  const { lab: counted } = settings.quota;
  if (counted !== undefined && documents.labs.every((lab) => lab.name !== counted)) {
    const message = `is ${counted}, but there is no labs/${counted}.yaml; accepted: one of ${documents.labs.map((lab) => lab.name).join(', ')}`;
    const path = [...INFRA, 'quota', 'lab'];
    diagnostics.error(ownerOf(path, cohort, documents.project), path, 'unknown-lab', message);
  }
  const labs = documents.cohorts
    .filter((each) => namespaceOf(each) === name)
    .flatMap((each) => documents.labs.map((lab) => ({ name: lab.name, values: labValues(documents, each, lab) })))
    .flatMap(({ values, ...lab }) => (values === undefined ? [] : [{ ...lab, values }]));
  const isSized = maxSessions !== undefined || settings.quota.preset !== undefined;
  const ranged = { ...NO_RULES, limitRanges: limitRangesOf(name, settings) };
  const largest = labs
    .filter((lab) => isSized && (counted === undefined || lab.name === counted))
    .map(({ values }) => sizes.of(values, ranged))
    .reduce<SessionSize | undefined>((most, size) => (most === undefined ? size : larger(most, size)), undefined);
  const quota = hardLimits(settings, maxSessions, largest);
  const images = labs.flatMap(({ values }) => imagesOf(values).map(({ image }) => image));
  const { networkPolicy } = cohortValues(documents, cohort);
  const admitted = sorted([...images, ...settings.podPolicy.images]);
  const size = admitted.reduce((sum, image) => sum + JSON.stringify(image).length, 0);
  if (size > LONGEST_IMAGES) {
    const path = [...INFRA, 'podPolicy', 'images'];
    const message = `come to ${String(size)} characters with the images of labs; accepted: at most ${String(LONGEST_IMAGES)}. Fix: let one entry with * at its end stand for many`;
    diagnostics.error(ownerOf(path, cohort, documents.project), path, 'wrong-value', message);
  }
  return {
    name,
    settings,
    ...(quota === undefined ? {} : { quota }),
    images: isOwnNamespace(name) ? admitted : [],
    capabilities: isOwnNamespace(name) ? sorted(labs.flatMap(({ values }) => values.firecracker.capabilities)) : [],
    releaseAccounts: documents.cohorts
      .filter((each) => namespaceOf(each) === name && cohortDelivery(documents, each).usesHelm)
      .map(fluxNameOf),
    networkPolicy,
  };
}

const sorted = (names: readonly string[]): string[] => Array.from(new Set(names)).sort();

function takenNamespaces({ project }: Documents): Map<string, string> {
  const { flux, execBackend } = project.value?.spec ?? {};
  const argocd = at(project.value, ['spec', 'argocd', 'namespace']);
  return new Map([
    ...(typeof argocd === 'string' ? [[argocd, 'Argo CD'] as const] : []),
    ['dozlab-device-plugin', 'the device plugin'],
    ['dozlab-pre-pull', 'pulling images'],
    ...(flux === undefined ? [] : [[flux.namespace, 'Flux'] as const]),
    ...(execBackend === undefined ? [] : [[execBackend.namespace, 'the exec backend'] as const]),
  ]);
}

/** A session manager would change the Pod Security level of another part's namespace, and delete it at the end. */
function checkManager(
  documents: Documents,
  cohort: CohortDocument,
  { roles }: InfraSettings,
  taken: ReadonlyMap<string, string>,
  diagnostics: Diagnostics,
): void {
  const { enabled, namespace } = roles.sessionManager;
  const use = taken.get(namespace);
  if (!enabled || use === undefined) return;
  const message = `is ${namespace}, the namespace of ${use}; accepted: another one`;
  const path = [...INFRA, 'roles', 'sessionManager', 'namespace'];
  diagnostics.error(ownerOf(path, cohort, documents.project), path, 'conflict', message);
}

/**
 * Namespaces of other programs that settings name. A cohort would refuse their pods there, and delete the namespace when
 * it ends. A default namespace `lab-<cohort>` may be named on purpose.
 */
function namedNamespaces(documents: Documents, namespaces: readonly ResolvedNamespace[]): Map<string, string> {
  return new Map([
    ...ingressNamespaces(documents),
    ...namespaces
      .map(({ namespace }) => namespace.settings.podMonitor)
      .flatMap(({ enabled, namespace }) => (enabled ? [[namespace, 'Prometheus'] as const] : [])),
  ]);
}

const ingressNamespaces = (documents: Documents): Map<string, string> =>
  new Map(
    documents.cohorts
      .flatMap((cohort) => cohortValues(documents, cohort).networkPolicy.ingressNamespaces)
      .map((name) => [name, 'pods that may reach sessions (networkPolicy.ingressNamespaces)']),
  );

export function checkNamespaceUse(
  documents: Documents,
  namespaces: readonly ResolvedNamespace[],
  diagnostics: Diagnostics,
): void {
  const taken = new Map([...takenNamespaces(documents), ['dozlab-system', 'the session manager']]);
  const named = namedNamespaces(documents, namespaces);
  for (const cohort of documents.cohorts) {
    const name = namespaceOf(cohort);
    const other = name === `lab-${cohort.name}` ? undefined : named.get(name);
    const use = name.startsWith('kube-') ? 'Kubernetes itself' : (taken.get(name) ?? other);
    if (use === undefined) continue;
    const message = `is ${name}, the namespace of ${use}; accepted: another one`;
    diagnostics.error(cohort, NAMESPACE, 'conflict', message);
  }
}
