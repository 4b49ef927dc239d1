import { namespaceOf } from '../resolve/cohort';
import type { CohortDocument, Documents } from '../source/document';
import { loadProject } from '../source/load-project';
import { resolveProject } from '../resolve/resolve';
import type { ResolvedProject } from '../model/project';

export interface ProjectState {
  readonly loaded: Documents;
  readonly resolved: ResolvedProject;
}

/** @throws DozlabError with code `missing-project` when the folder is not a project */
export function projectState(folder: string): ProjectState {
  const loaded = loadProject(folder);
  return { loaded, resolved: resolveProject(loaded) };
}

export const cohortsIn = ({ loaded }: ProjectState, namespace: string): readonly CohortDocument[] =>
  loaded.cohorts.filter((cohort) => namespaceOf(cohort) === namespace);
