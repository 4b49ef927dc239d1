import type { Documents } from '../source/document';
import { loadProject } from '../source/load-project';

/** @throws DozlabError with code `missing-project` when the folder is not a project */
export const loadKnown = (project: string): Documents => loadProject(project);
