import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads';
import { findChanges, type FoundChanges } from './found-changes';
import { isAnythingKept } from './kept';

/** What the thread is told. */
export interface ChangesTask {
  readonly project: string;
  readonly port: MessagePort;
  /** Becomes 1 when the answer is there. */
  readonly isDone: Int32Array;
}

/** The thread's program, beside this one where that is bundled. */
const PROGRAM = join(__dirname, 'changes-worker.mjs');

/** Milliseconds. What is not answered by then counts as changed. */
const MOST_TIME = 30_000;

/** Looks for changes of a project, in another thread, while this one has other things to do. Gives what waits for the answer. */
export function changesAhead(project: string): () => FoundChanges {
  if (!isAnythingKept(project)) return () => 'other';
  if (!existsSync(PROGRAM)) return () => findChanges(project);
  const isDone = new Int32Array(new SharedArrayBuffer(4));
  const { port1, port2 } = new MessageChannel();
  const workerData: ChangesTask = { project, port: port2, isDone };
  new Worker(PROGRAM, { workerData, transferList: [port2] }).unref();
  port1.unref();
  return () => {
    Atomics.wait(isDone, 0, 0, MOST_TIME);
    return (receiveMessageOnPort(port1)?.message as FoundChanges | undefined) ?? 'other';
  };
}
