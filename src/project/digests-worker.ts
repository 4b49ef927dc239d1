import { workerData } from 'node:worker_threads';
import type { DigestsTask } from './digests-ahead';
import { digestsOf, listNow } from './listing';

/** What runs in the thread of `digestsAhead`. */
const { root, names, port, isDone } = workerData as DigestsTask;
try {
  port.postMessage(digestsOf(listNow(root, names)));
} finally {
  Atomics.store(isDone, 0, 1);
  Atomics.notify(isDone, 0);
}
