import { anew, type Remember } from '../core/memo';
import { Diagnostics, isError } from '../core/diagnostics';
import { grouped } from '../core/group-by';
import { progress } from '../core/progress';
import type { ResolvedProject } from '../model/project';
import type { Documents } from '../source/document';
import { checkAdmission } from './checks/admission';
import { checkIds, checkRoutes } from './checks/duplicates';
import { checkQuota } from './checks/quota';
import { deliverySettings } from './cohort';
import { type Context, resolveContext } from './context';
import { deliveriesIn } from './delivery';
import { resolveSession } from './resolve-session';
import { checkPasswords, checkStrayFiles } from './secret';
import { SessionClasses } from './session-class';
import { SessionSizes } from './sizes';
import type { Placed } from './value-layers';

/**
 * Gives each session its values (defaults < project < lab < cohort < session), and checks them and what involves several sessions.
 * @param remember gives what an earlier run made of the same files
 */
export function resolveProject(documents: Documents, remember: Remember = anew): ResolvedProject {
  const diagnostics = new Diagnostics();
  const sizes = new SessionSizes();
  const context = resolveContext(documents, sizes, remember);
  const sessions = resolveSessions(documents, context, diagnostics);
  diagnostics.add(documents.problems);
  diagnostics.add(context.problems);
  check(documents, context, sessions, sizes, diagnostics);
  const { project } = documents;
  const execBackend = project.value?.spec.execBackend;
  return {
    cohorts: context.cohorts,
    namespaces: context.namespaces.map(({ namespace }) => namespace),
    sessions: sessions.map(({ resolved }) => resolved),
    flux: context.flux,
    nodes: context.nodes,
    ...(execBackend === undefined ? {} : { execBackend }),
    deliverySettings: deliverySettings(documents),
    problems: diagnostics.problems,
  };
}

function resolveSessions(documents: Documents, { secrets }: Context, diagnostics: Diagnostics): Placed[] {
  return documents.cohorts.flatMap((cohort, index) => {
    progress('checking cohorts', index, documents.cohorts.length);
    const classes = new SessionClasses();
    const settings = secrets[index]?.settings;
    return cohort.sessions.flatMap(
      (session) => resolveSession(documents, cohort, session, settings, classes, diagnostics) ?? [],
    );
  });
}

/** Checks what involves several sessions. */
function check(
  documents: Documents,
  { namespaces }: Context,
  sessions: readonly Placed[],
  sizes: SessionSizes,
  diagnostics: Diagnostics,
): void {
  const byNamespace = grouped(sessions, ({ resolved }) => resolved.namespace);
  for (const resolved of namespaces) {
    const { name } = resolved.namespace;
    const inside = byNamespace.get(name) ?? [];
    const isAllOrNothing = deliveriesIn(documents, name).some((delivery) => delivery.isAllOrNothing);
    checkQuota(documents, resolved, inside, sizes, isAllOrNothing, diagnostics);
    checkAdmission(resolved.namespace, inside, isAllOrNothing, diagnostics);
  }
  checkIds(documents, diagnostics);
  checkRoutes(sessions, diagnostics);
  checkStrayFiles(documents, diagnostics);
  checkPasswords(
    sessions.map(({ session, resolved: { secret } }) => ({ file: session.path, secret })),
    diagnostics,
  );
}

/** Whether a project can be rendered. */
export const isValid = ({ problems }: ResolvedProject): boolean => !problems.some(isError);
