import type { FluxSettings } from '../api/settings/flux';
import type { SecretsSettings } from '../api/settings/secrets';
import { Diagnostics, isError } from '../core/diagnostics';
import { grouped } from '../core/group-by';
import { progress } from '../core/progress';
import type { Cohort } from '../model/cohort';
import type { Nodes, Project, ResolvedProject } from '../model/project';
import type { Documents } from '../source/document';
import { checkAdmission } from './checks/admission';
import { checkIds, checkRoutes, checkSharedNames } from './checks/duplicates';
import { checkComposedNames } from './checks/names';
import { checkQuota } from './checks/quota';
import { checkRefusals } from './checks/refusals';
import { deliveriesIn, deliverySettings, fluxOf, resolveCohort, withApplyUnits } from './cohort';
import { checkNamespaceUse, type ResolvedNamespace, resolveNamespaces } from './namespace';
import { NamespaceObjects } from './namespace-objects';
import { resolveNodes } from './nodes';
import { checkPasswords, checkStrayFiles, cohortSettings } from './secret';
import { type ResolvedSession, resolveSession, SessionClasses } from './session-class';
import { SessionSizes } from './sizes';

/** Merges and checks values: defaults < project < lab < cohort < session. */
export function resolveProject(documents: Documents): ResolvedProject {
  const diagnostics = new Diagnostics();
  const sizes = new SessionSizes();
  const context = resolveContext(documents, sizes, diagnostics);
  const sessions = resolveSessions(documents, context, diagnostics);
  const execBackend = documents.project.value?.spec.execBackend;
  const byCohort = grouped(
    sessions.map(({ session }) => session),
    ({ cohort }) => cohort,
  );
  const project: Project = {
    cohorts: context.cohorts.map((cohort) => withApplyUnits(documents, cohort, byCohort.get(cohort.name) ?? [])),
    namespaces: context.namespaces.map(({ namespace }) => namespace),
    sessions: sessions.map(({ session }) => session),
    flux: context.flux,
    nodes: context.nodes,
    ...(execBackend === undefined ? {} : { execBackend }),
    deliverySettings: deliverySettings(documents),
  };
  check(documents, context, project, sessions, sizes, diagnostics);
  diagnostics.add(documents.problems);
  return { ...project, problems: diagnostics.problems };
}

export const isValid = ({ problems }: ResolvedProject): boolean => !problems.some(isError);

interface Context {
  /** By cohort; undefined if invalid. */
  readonly secrets: readonly (SecretsSettings | undefined)[];
  readonly namespaces: readonly ResolvedNamespace[];
  readonly cohorts: readonly Cohort[];
  readonly nodes: Nodes;
  readonly flux: FluxSettings;
}

function resolveContext(documents: Documents, sizes: SessionSizes, diagnostics: Diagnostics): Context {
  const { cohorts } = documents;
  const secrets = cohorts.map((cohort) => cohortSettings(documents, cohort, diagnostics));
  const namespaces = resolveNamespaces(documents, sizes, diagnostics);
  checkNamespaceUse(documents, namespaces, diagnostics);
  return {
    secrets,
    namespaces,
    cohorts: cohorts.flatMap((cohort, index) => resolveCohort(documents, cohort, secrets[index], diagnostics) ?? []),
    nodes: resolveNodes(documents, diagnostics),
    flux: fluxOf(documents),
  };
}

function resolveSessions(documents: Documents, { secrets }: Context, diagnostics: Diagnostics): ResolvedSession[] {
  const { cohorts } = documents;
  const classes = new SessionClasses();
  return cohorts.flatMap((cohort, index) => {
    progress('checking cohorts', index, cohorts.length);
    return cohort.sessions.flatMap(
      (session) => resolveSession(documents, cohort, session, secrets[index], classes, diagnostics) ?? [],
    );
  });
}

function check(
  documents: Documents,
  { namespaces }: Context,
  project: Project,
  sessions: readonly ResolvedSession[],
  sizes: SessionSizes,
  diagnostics: Diagnostics,
): void {
  const objects = new NamespaceObjects(project);
  const byNamespace = grouped(sessions, ({ session }) => session.namespace);
  for (const resolved of namespaces) {
    const { name } = resolved.namespace;
    const inside = byNamespace.get(name) ?? [];
    const isAllOrNothing = deliveriesIn(documents, name).some((delivery) => delivery.isAllOrNothing);
    const scope = { documents, resolved, sessions: inside, sizes, isAllOrNothing };
    checkQuota(scope, objects.usedIn(resolved.namespace), diagnostics);
    checkRefusals(scope, diagnostics);
    checkAdmission(resolved.namespace, inside, isAllOrNothing, diagnostics);
  }
  checkComposedNames(documents, namespaces, diagnostics);
  for (const inside of byNamespace.values()) checkSharedNames(inside, diagnostics);
  checkIds(documents, diagnostics);
  checkRoutes(sessions, diagnostics);
  checkStrayFiles(documents, diagnostics);
  checkPasswords(
    sessions.map(({ document, session: { secret } }) => ({ file: document.path, secret })),
    diagnostics,
  );
}
