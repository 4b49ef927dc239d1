import { workerData } from 'node:worker_threads';
import type { ChangesTask } from './changes-ahead';
import { findChanges } from './found-changes';

/** What runs in the thread of `ChangesAhead`. */
const { project, port, isDone } = workerData as ChangesTask;
port.postMessage(findChanges(project));
Atomics.store(isDone, 0, 1);
Atomics.notify(isDone, 0);
