import { mkdirSync } from 'node:fs';
import { sessionsIn, type SessionBatch } from '../manifests/session-batch';
import { sessionFiles, sessionFolders } from '../manifests/session-files';
import type { SessionTemplates } from '../manifests/session-templates';
import { FolderMap } from '../cache/by-folder';
import { idOfOutput, packIds, type BlobIds } from '../cache/kept-blobs';
import { writeNewFile, type StampedFile } from './new-file';

/** Files of sessions that were written into one folder, in a form that threads hand over fast. */
export interface WrittenFiles {
  /** Of the folder, within the output. */
  readonly path: string;
  readonly names: readonly string[];
  /** Their stamps, one behind the other. */
  readonly stamps: Float64Array;
  readonly ids: BlobIds;
}

/**
 * Writes the files of a batch of sessions below a folder.
 * @param isWanted is asked before each session
 */
export function writeBatch(
  templates: SessionTemplates,
  batch: SessionBatch,
  folder: string,
  isWanted: () => boolean,
): WrittenFiles[] {
  const render = sessionFiles(templates, batch.release);
  const written = new FolderMap<StampedFile>();
  for (const top of sessionFolders(batch.release)) mkdirSync(`${folder}/${top}/${batch.cohort}`, { recursive: true });
  for (const session of sessionsIn(batch)) {
    if (!isWanted()) break;
    for (const { path, content } of render(session))
      written.set(
        path,
        writeNewFile(`${folder}/${path}`, content, (bytes) => idOfOutput(content, bytes)),
      );
  }
  return Array.from(written.all, ([path, files]) => ({
    ...{ path, names: Array.from(files.keys()), ids: packIds(Array.from(files.values(), ({ id }) => id)) },
    stamps: Float64Array.from(Array.from(files.values()).flatMap(({ stamp }) => stamp)),
  }));
}
