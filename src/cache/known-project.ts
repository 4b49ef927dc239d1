import { loadProject, type LoadedProject } from '../source/load-project';
import { Memory } from './cache';

/**
 * Loads a project. Files of sessions that are as they were when `synth` ran last are not read.
 * @throws DozlabError with code `missing-project` when the folder is not a project
 */
export const loadKnown = (project: string): LoadedProject => loadProject(project, undefined, new Memory(project).known);
