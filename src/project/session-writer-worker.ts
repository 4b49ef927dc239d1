import { mkdirSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { compiledTemplates } from '../output/compiled-templates';
import { sessionsIn, type SessionBatch } from '../output/session-batch';
import { sessionFiles } from '../output/session-files';
import type { SessionTemplates } from '../output/session-templates';
import { idOfOutput, packIds } from './kept-blobs';
import { writeNewFile, type NewFile } from './new-file';
import type { SessionWriterTask, WrittenFolder } from './session-writer';
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
  readonly files: NewFile[];
}

function writeBatch(all: SessionTemplates, batch: SessionBatch): WrittenFolder[] {
  const render = sessionFiles(all, batch.release);
  const folders = new Map<string, Folder>();
  const folderAt = (path: string): Folder => {
    const known = folders.get(path);
    if (known !== undefined) return known;
    const folder: Folder = { names: [], files: [] };
    folders.set(path, folder);
    mkdirSync(`${work.task.folder}/${path}`, { recursive: true });
    return folder;
  };
  for (const session of sessionsIn(batch)) {
    if (work.isStopped) break;
    for (const { path, content } of render(session)) {
      const end = path.lastIndexOf('/');
      const { names, files } = folderAt(path.slice(0, end));
      names.push(path.slice(end + 1));
      files.push(writeNewFile(`${work.task.folder}/${path}`, content, (bytes) => idOfOutput(content, bytes)));
    }
    work.advance();
  }
  return Array.from(folders, ([path, { names, files }]) => ({
    ...{ path, names, ids: packIds(files.map(({ id }) => id)) },
    stamps: Float64Array.from(files.flatMap(({ stamp }) => stamp)),
  }));
}
