import { workerData } from 'node:worker_threads';
import { compiledTemplates } from '../manifests/compiled-templates';
import { claim, type GivenBatch, type SessionWriterTask } from './session-writer-task';
import { ThreadWork, type ThreadData } from './thread';
import { writeBatch, type WrittenFiles } from './write-batch';

/** What runs in the thread of `SessionWriter`. It ends without an answer when it cannot do all that it is to do. */
const work = new ThreadWork(workerData as ThreadData<SessionWriterTask>);
const { folder, claims } = work.task;
const templates = compiledTemplates();
const written: WrittenFiles[] = [];

work.onMessage((message) => {
  try {
    if (templates === undefined || work.isStopped) work.end();
    else if (message === null) work.end(written);
    else {
      const { place, batch } = message as GivenBatch;
      if (!claim(claims, place)) return;
      written.push(...writeBatch(templates, batch, folder, () => !work.isStopped));
      work.advance(batch.sessions.length);
    }
  } catch {
    work.end();
  }
});
