import { workerData } from 'node:worker_threads';
import { DONE, RUNS, type DigestsTask } from './digests-ahead';
import { digestsOf, listNow } from './listing';

/** What runs in the thread of `digestsAhead`. */
const { root, names, port, state } = workerData as DigestsTask;
Atomics.store(state, 0, RUNS);
Atomics.notify(state, 0);
try {
  port.postMessage(digestsOf(listNow(root, names)));
} finally {
  Atomics.store(state, 0, DONE);
  Atomics.notify(state, 0);
}
