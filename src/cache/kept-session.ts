import { API_VERSION } from '../api/document';
import type { SessionDocument } from '../api/session';
import type { KeptSession } from './store';
import { KnownFile } from './known-file';
import type { LoadedSession } from '../source/load-project';
import type { Sources } from './sources';

/**
 * A session as it was kept.
 * @param blob the id that Git has for its file
 */
export function loadedSession(
  project: string,
  cohort: string,
  [name, size, inode, changed, spec]: KeptSession,
  sources: Sources,
  blob?: string,
): LoadedSession {
  const path = `sessions/${cohort}/${name}.yaml`;
  const document: SessionDocument = {
    apiVersion: API_VERSION,
    kind: 'LabSession',
    metadata: { name },
    spec: spec as SessionDocument['spec'],
  };
  const file = new KnownFile(project, path, [size, inode, changed], blob);
  return { name, path, file, document, isFlawed: false, sources };
}
