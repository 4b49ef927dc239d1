import type { SessionSize } from '../model/pod-requests';
import { hardLimits } from './quota-amounts';
import { infraSettings, type InfraSettings } from '../api/settings/infra';
import { fluxNameOf } from '../model/cohort';
import { type Namespace, isOwnNamespace } from '../model/namespace';
import type { Path } from '@dozlab/charts/schema';
import { cohortValues, imagesOf, labValues } from './lab-values';
import { layeredSettings, settingProblem } from './layered-settings';
import { namespaceOf } from './value-layers';
import type { CohortDocument, Documents } from '../source/document';
import type { Problem } from '../core/diagnostics';
import { cohortDelivery } from './delivery';
import { larger, type SessionSizes } from './sizes';

/** What stands around sessions in their namespaces. */

const INFRA: Path = ['spec', 'infra'];

/** A namespace, and the first of the cohorts that have it. */
export interface ResolvedNamespace {
  readonly cohort: CohortDocument;
  readonly maxSessions: number | undefined;
  readonly namespace: Namespace;
}

/** The namespaces of all cohorts. What is wrong with their settings is added to the problems. */
export function resolveNamespaces(loaded: Documents, sizes: SessionSizes, problems: Problem[]): ResolvedNamespace[] {
  const found = new Map<string, ResolvedNamespace>();
  for (const cohort of loaded.cohorts) {
    const settings = layeredSettings(INFRA, infraSettings, loaded, cohort, problems);
    if (settings === undefined) continue;
    problems.push(...managerProblems(loaded, cohort, settings));
    const name = namespaceOf(cohort);
    const maxSessions = cohort.value?.spec.maxSessions ?? loaded.project.value?.spec.maxSessions;
    const other = found.get(name);
    if (other === undefined) {
      const namespace = resolveNamespace(loaded, cohort, settings, maxSessions, sizes, problems);
      found.set(name, { cohort, maxSessions, namespace });
    } else if (
      JSON.stringify([other.namespace.settings, other.maxSessions]) !== JSON.stringify([settings, maxSessions])
    ) {
      const message = `is ${name}, which the cohort ${other.cohort.name} has too, with another maxSessions or infra; accepted: the same in both, or a namespace of its own`;
      problems.push(settingProblem('error', 'conflict', ['spec', 'namespace'], message, cohort, loaded.project));
    }
  }
  return Array.from(found.values());
}

function resolveNamespace(
  loaded: Documents,
  cohort: CohortDocument,
  settings: InfraSettings,
  maxSessions: number | undefined,
  sizes: SessionSizes,
  problems: Problem[],
): Namespace {
  const name = namespaceOf(cohort);
  const { lab: counted } = settings.quota;
  if (counted !== undefined && loaded.labs.every((lab) => lab.name !== counted)) {
    const message = `is ${counted}, but there is no labs/${counted}.yaml; accepted: one of ${loaded.labs.map((lab) => lab.name).join(', ')}`;
    problems.push(settingProblem('error', 'unknown-lab', [...INFRA, 'quota', 'lab'], message, cohort, loaded.project));
  }
  const labs = loaded.cohorts
    .filter((each) => namespaceOf(each) === name)
    .flatMap((each) => loaded.labs.map((lab) => ({ name: lab.name, values: labValues(loaded, each, lab) })))
    .flatMap(({ values, ...lab }) => (values === undefined ? [] : [{ ...lab, values }]));
  const largest = labs
    .filter((lab) => counted === undefined || lab.name === counted)
    .map(({ values }) => sizes.of(values))
    .reduce<SessionSize | undefined>((most, size) => (most === undefined ? size : larger(most, size)), undefined);
  const quota = hardLimits(settings, maxSessions, largest);
  const images = labs.flatMap(({ values }) => imagesOf(values).map(({ image }) => image));
  const { networkPolicy } = cohortValues(loaded, cohort);
  return {
    name,
    settings,
    ...(quota === undefined ? {} : { quota }),
    images: isOwnNamespace(name) ? Array.from(new Set([...images, ...settings.podPolicy.images])).sort() : [],
    releaseAccounts: loaded.cohorts
      .filter((each) => namespaceOf(each) === name && cohortDelivery(loaded, each).usesHelm)
      .map(fluxNameOf),
    networkPolicy,
  };
}

/** Namespaces that are there for something else than sessions and their manager, and for what. */
function takenNamespaces({ project }: Documents): Map<string, string> {
  const { flux, execBackend } = project.value?.spec ?? {};
  return new Map([
    ['dozlab-device-plugin', 'the device plugin'],
    ['dozlab-pre-pull', 'pulling images'],
    ...(flux === undefined ? [] : [[flux.namespace, 'Flux'] as const]),
    ...(execBackend === undefined ? [] : [[execBackend.namespace, 'the exec backend'] as const]),
  ]);
}

/** A session manager in such a namespace, whose Pod Security level would be another one then. */
function managerProblems(loaded: Documents, cohort: CohortDocument, { roles }: InfraSettings): Problem[] {
  const { enabled, namespace } = roles.sessionManager;
  const use = takenNamespaces(loaded).get(namespace);
  if (!enabled || use === undefined) return [];
  const message = `is ${namespace}, the namespace of ${use}; accepted: another one`;
  const path = [...INFRA, 'roles', 'sessionManager', 'namespace'];
  return [settingProblem('error', 'conflict', path, message, cohort, loaded.project)];
}

/** Cohorts in a namespace that is there for something else. */
export function sharedNamespaceProblems(loaded: Documents): Problem[] {
  const taken = new Map([...takenNamespaces(loaded), ['dozlab-system', 'the session manager']]);
  return loaded.cohorts.flatMap((cohort) => {
    const name = namespaceOf(cohort);
    const use = name.startsWith('kube-') ? 'Kubernetes itself' : taken.get(name);
    if (use === undefined) return [];
    const message = `is ${name}, the namespace of ${use}; accepted: another one`;
    return [settingProblem('error', 'conflict', ['spec', 'namespace'], message, cohort)];
  });
}
