import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads';
import { isAnythingKept } from './kept';
import { digestsOf, listNow, type Digests } from './listing';

/** What the thread is told. */
export interface DigestsTask {
  readonly root: string;
  readonly names: readonly string[];
  readonly port: MessagePort;
  /** How far it has come: one of the states below. */
  readonly state: Int32Array;
}

/** The thread's program, beside this one where that is bundled. */
const PROGRAM = join(__dirname, 'digests-worker.cjs');

/** States of the thread. */
const STARTS = 0;
export const RUNS = 1;
/** The answer is there, or there will be none. */
export const DONE = 2;

/** Milliseconds for each state but the last. What is not answered by then is looked at here. */
const MOST_TIME = { [STARTS]: 3_000, [RUNS]: 30_000 };

/**
 * Looks at what lies below folders of a project in another thread, while this one has other things to do. Does nothing where nothing is known
 * that it could be compared with.
 * @param names of files and folders in the root
 * @returns what waits for the answer
 */
export function digestsAhead(root: string, names: readonly string[]): () => Digests {
  const now = (): Digests => digestsOf(listNow(root, names));
  if (!isAnythingKept(root) || !existsSync(PROGRAM)) return now;
  const state = new Int32Array(new SharedArrayBuffer(4));
  const { port1, port2 } = new MessageChannel();
  const workerData: DigestsTask = { root, names, port: port2, state };
  try {
    // That it cannot start is told later, if at all.
    new Worker(PROGRAM, { workerData, transferList: [port2] }).on('error', () => undefined).unref();
  } catch {
    return now;
  }
  port1.unref();
  return () => {
    for (const each of [STARTS, RUNS] as const) Atomics.wait(state, 0, each, MOST_TIME[each]);
    return (receiveMessageOnPort(port1)?.message as Digests | undefined) ?? now();
  };
}
