import { mkdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { workerData } from 'node:worker_threads';
import { compiledTemplates } from '../output/compiled-templates';
import { sessionsIn, type SessionBatch } from '../output/session-batch';
import { sessionFiles } from '../output/session-files';
import type { SessionTemplates } from '../output/session-templates';
import { idOfOutput, packIds } from './kept-blobs';
import { writeNewFile } from './new-file';
import type { SessionWriterTask, WrittenFolder } from './session-writer';
import type { Stamp } from './stamp';
import { ThreadWork, type ThreadData } from './thread';

/** What runs in the thread of `SessionWriter`. It ends without an answer when it cannot do all that it is to do. */
const work = new ThreadWork(workerData as ThreadData<SessionWriterTask>);
const templates = compiledTemplates();
const written: WrittenFolder[] = [];

work.onMessage((message) => {
  try {
    if (templates === undefined || work.isStopped) work.end();
    else if (message === null) work.end(written);
    else written.push(...writeBatch(templates, message as SessionBatch));
  } catch {
    work.end();
  }
});

interface Folder {
  readonly names: string[];
  readonly stamps: Stamp[];
  readonly ids: (string | undefined)[];
}

function writeBatch(all: SessionTemplates, batch: SessionBatch): WrittenFolder[] {
  const render = sessionFiles(all, batch.release);
  const folders = new Map<string, Folder>();
  const folderAt = (path: string): Folder => {
    const known = folders.get(path);
    if (known !== undefined) return known;
    const folder: Folder = { names: [], stamps: [], ids: [] };
    folders.set(path, folder);
    mkdirSync(join(work.task.folder, path), { recursive: true });
    return folder;
  };
  for (const session of sessionsIn(batch)) {
    if (work.isStopped) break;
    for (const file of render(session)) {
      const folder = folderAt(dirname(file.path));
      folder.names.push(basename(file.path));
      folder.stamps.push(writeNewFile(join(work.task.folder, file.path), file.content));
      folder.ids.push(idOfOutput(file));
    }
    work.advance();
  }
  return Array.from(folders, ([path, { names, stamps, ids }]) => ({
    ...{ path, names, ids: packIds(ids) },
    stamps: Float64Array.from(stamps.flat()),
  }));
}
