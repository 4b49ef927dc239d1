import { workerData } from 'node:worker_threads';
import type { DigestsTask } from './digests-ahead';
import { digestsOf, listNow, type Digests } from './fingerprint';
import { ThreadWork, type ThreadData } from '../synth/thread';

/** What runs in the thread of `digestsAhead`. */
const work = new ThreadWork(workerData as ThreadData<DigestsTask>);
const { root, names } = work.task;
let digests: Digests | undefined;
try {
  digests = digestsOf(listNow(root, names));
} finally {
  work.end(digests);
}
