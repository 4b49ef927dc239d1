import { namespaceOf } from '../resolve/value-layers';
import { loadProject, type LoadedCohort, type LoadedProject } from '../source/load-project';
import { resolveProject } from '../resolve/resolve';
import type { ResolvedProject } from '../model/project';

/** A project as it is at one time: its files, and what they come to. */
export interface ProjectState {
  readonly loaded: LoadedProject;
  readonly resolved: ResolvedProject;
}

/**
 * The state of a project in a folder.
 * @throws DozlabError with code `missing-project` when the folder is not a project at all
 */
export function projectState(folder: string): ProjectState {
  const loaded = loadProject(folder);
  return { loaded, resolved: resolveProject(loaded) };
}

/** The cohorts that have a namespace. */
export const cohortsIn = ({ loaded }: ProjectState, namespace: string): readonly LoadedCohort[] =>
  loaded.cohorts.filter((cohort) => namespaceOf(cohort) === namespace);
