import { at, isMapping, leaves, type Path } from '@dozlab/charts/schema';
import { hasSkipMarker, SKIP_MARKER } from '../../core/consumers/metadata';
import type { Diagnostics } from '../../core/diagnostics';
import { fluxNameOf } from '../../model/cohort';
import type { Documents } from '../../source/document';
import { cohortDelivery, deliverySettings, fluxOf, namespaceOf, ownerOf } from '../cohort';
import type { ResolvedNamespace } from '../namespace';

/** Names that people choose must not be names that Dozlab composes for other objects of the same kind and namespace. */
export function checkComposedNames(
  documents: Documents,
  namespaces: readonly ResolvedNamespace[],
  diagnostics: Diagnostics,
): void {
  checkSource(documents, diagnostics);
  checkApplications(documents, diagnostics);
  checkTexts(documents, diagnostics);
  for (const { cohort: name, namespace } of namespaces) {
    const cohort = documents.cohorts.find((each) => each.name === name);
    if (cohort === undefined) continue;
    const { sessionManager } = namespace.settings.roles;
    const of = documents.cohorts.find(
      (each) =>
        cohortDelivery(documents, each).usesHelm &&
        namespaceOf(each) === sessionManager.namespace &&
        fluxNameOf(each) === sessionManager.name,
    );
    if (sessionManager.enabled && of !== undefined) {
      const path: Path = ['spec', 'infra', 'roles', 'sessionManager', 'name'];
      const message = `is ${sessionManager.name}, the service account by which Flux delivers the cohort ${of.name}; accepted: another name`;
      diagnostics.error(ownerOf(path, cohort, documents.project), path, 'conflict', message);
    }
    for (const [index, image] of namespace.settings.podPolicy.images.entries()) {
      if (!isOpenPrefix(image)) continue;
      const path: Path = ['spec', 'infra', 'podPolicy', 'images', index];
      const message = `is ${image}, which also admits images of other names that begin so, such as ${image.slice(0, -1)}-other/image. Fix: end the name with / or : before the *`;
      diagnostics.warning(ownerOf(path, cohort, documents.project), path, 'wrong-value', message);
    }
  }
}

/** A prefix that ends inside the name of a registry or a repository. */
const isOpenPrefix = (image: string): boolean => /^[^*]+\*$/.test(image) && !/([/@]|:[^/]*)\*$/.test(image);

/** Rules check the text of values. Descriptions are in no manifest. */
function checkTexts({ project, cohorts }: Documents, diagnostics: Diagnostics): void {
  for (const document of [project, ...cohorts]) {
    const spec = at(document.file?.content, ['spec']);
    for (const [path, text] of isMapping(spec) ? leaves(spec, ['spec']) : []) {
      if (['values', 'description'].includes(String(path[1])) || !hasSkipMarker(text)) continue;
      const message = `has the text ${SKIP_MARKER}, by which Argo CD skips a file and deletes its objects. Fix: remove it`;
      diagnostics.error(document, path, 'wrong-value', message);
    }
  }
}

/** Argo CD has Applications `<name>`, `<name>-infra` and `lab-<cohort>` in one namespace. */
function checkApplications(documents: Documents, diagnostics: Diagnostics): void {
  const name = at(deliverySettings(documents)['argocd'], ['name']);
  if (typeof name !== 'string') return;
  const cohort = documents.cohorts.find((each) => [name, `${name}-infra`].includes(fluxNameOf(each)));
  if (cohort === undefined) return;
  const message = `is ${name}, which gives an Application the name of the cohort ${cohort.name}'s, ${fluxNameOf(cohort)}; accepted: another name`;
  diagnostics.error(documents.project, ['spec', 'argocd', 'name'], 'conflict', message);
}

/** With artifacts, each cohort has an OCIRepository `lab-<cohort>` beside the source of the project. */
function checkSource(documents: Documents, diagnostics: Diagnostics): void {
  const { source, artifacts } = fluxOf(documents);
  if (artifacts === undefined || source.kind !== 'OCIRepository') return;
  const cohort = documents.cohorts.find((each) => fluxNameOf(each) === source.name);
  if (cohort === undefined) return;
  const message = `is ${source.name}, the OCIRepository of the cohort ${cohort.name}; accepted: another name`;
  diagnostics.error(documents.project, ['spec', 'flux', 'source', 'name'], 'conflict', message);
}
