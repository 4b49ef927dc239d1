import { loadProject, type LoadedProject } from '../source/load-project';

/** @throws DozlabError with code `missing-project` when the folder is not a project */
export const loadKnown = (project: string): LoadedProject => loadProject(project);
