import { mkdirSync } from 'node:fs';
import { sessionsIn, type SessionBatch } from '../output/session-batch';
import { sessionFiles } from '../output/session-files';
import type { SessionTemplates } from '../output/session-templates';
import { idOfOutput, packIds, type BlobIds } from './kept-blobs';
import { writeNewFile, type NewFile } from './new-file';

/** Files of sessions that were written into one folder, in a form that threads hand over fast. */
export interface WrittenFiles {
  /** Of the folder, within the output. */
  readonly path: string;
  readonly names: readonly string[];
  /** Their stamps, one behind the other. */
  readonly stamps: Float64Array;
  readonly ids: BlobIds;
}

interface Folder {
  readonly names: string[];
  readonly files: NewFile[];
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
  const folders = new Map<string, Folder>();
  const folderAt = (path: string): Folder => {
    const known = folders.get(path);
    if (known !== undefined) return known;
    const made: Folder = { names: [], files: [] };
    folders.set(path, made);
    mkdirSync(`${folder}/${path}`, { recursive: true });
    return made;
  };
  for (const session of sessionsIn(batch)) {
    if (!isWanted()) break;
    for (const { path, content } of render(session)) {
      const end = path.lastIndexOf('/');
      const { names, files } = folderAt(path.slice(0, end));
      names.push(path.slice(end + 1));
      files.push(writeNewFile(`${folder}/${path}`, content, (bytes) => idOfOutput(content, bytes)));
    }
  }
  return Array.from(folders, ([path, { names, files }]) => ({
    ...{ path, names, ids: packIds(files.map(({ id }) => id)) },
    stamps: Float64Array.from(files.flatMap(({ stamp }) => stamp)),
  }));
}
