import { anew, type Remember } from '../core/memo';
import { progress } from '../core/progress';
import { admissionProblems } from './checks/quota';
import { duplicateRoutes, duplicateSessions } from './checks/duplicates';
import { deliverySettings } from './cohort';
import { layer } from './value-layers';
import type { Documents } from '../source/document';
import { inOrder, isError, type Problem } from '../core/diagnostics';
import { resolveSession } from './resolve-session';
import { SessionClasses } from './session-class';
import type { ResolvedProject } from '../model/project';
import { passwordConflicts, strayFiles } from './secret';
import { SessionSizes } from './sizes';
import { surroundingsOf } from './context';

/**
 * Gives each session its values (defaults < project < lab < cohort < session) and checks them, and what involves several sessions.
 * @param remember spares what was found of the same files before
 */
export function resolveProject(loaded: Documents, remember: Remember = anew): ResolvedProject {
  const problems: Problem[] = [];
  const project = layer(loaded.project);
  const sizes = new SessionSizes();
  const around = surroundingsOf(loaded, sizes, remember);
  problems.push(...around.problems);
  const sessions = loaded.cohorts.flatMap((cohort, index) => {
    progress('checking cohorts', index, loaded.cohorts.length);
    const classes = new SessionClasses();
    return cohort.sessions.flatMap((session) => {
      const settings = around.secrets[index]?.[1] ?? undefined;
      const { placed: resolved, problems: found } = resolveSession(loaded, project, cohort, session, settings, classes);
      for (const problem of found) problems.push(problem);
      return resolved === undefined ? [] : [resolved];
    });
  });
  problems.push(...loaded.problems);
  problems.push(...admissionProblems(loaded, around.namespaces, sessions, sizes));
  problems.push(...duplicateSessions(loaded), ...duplicateRoutes(sessions), ...strayFiles(loaded));
  problems.push(
    ...passwordConflicts(
      sessions.map(({ resolved: { cohort, id, secret } }) => ({ file: `sessions/${cohort}/${id}.yaml`, secret })),
    ),
  );
  const execBackend = loaded.project.value?.spec.execBackend;
  return {
    cohorts: around.cohorts,
    namespaces: around.namespaces.map(({ namespace }) => namespace),
    sessions: sessions.map(({ resolved }) => resolved),
    flux: around.flux,
    nodes: around.nodes,
    deliverySettings: deliverySettings(loaded),
    ...(execBackend === undefined ? {} : { execBackend }),
    problems: inOrder(problems),
  };
}

/** Whether a project can be rendered. */
export const isValid = ({ problems }: ResolvedProject): boolean => !problems.some(isError);
