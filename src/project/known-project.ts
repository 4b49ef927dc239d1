import type { Changes } from './change';
import { loadProject, type LoadedProject } from './load';
import { Memory } from './memory';

/**
 * Loads a project. Files of sessions that are as they were when `synth` ran last are not read.
 * @param changes what is read in place of what lies there
 * @throws DozlabError with code `missing-project` when the folder is not a project
 */
export const loadKnown = (project: string, changes?: Changes): LoadedProject =>
  loadProject(project, changes, new Memory(project).known);
