import { isAnythingKept } from './store';
import { digestsOf, listNow, type Digests } from './fingerprint';
import { Thread } from '../synth/thread';

/** What the thread is to look at. */
export interface DigestsTask {
  readonly root: string;
  readonly names: readonly string[];
}

/**
 * Looks at what lies below folders of a project in another thread, while this one has other things to do. Does nothing where nothing is known
 * that it could be compared with.
 * @param names of files and folders in the root
 * @returns what waits for the answer
 */
export function digestsAhead(root: string, names: readonly string[]): () => Digests {
  const task: DigestsTask = { root, names };
  const thread = isAnythingKept(root) ? Thread.start('digests-worker.cjs', task) : undefined;
  return () => (thread?.answer() as Digests | undefined) ?? digestsOf(listNow(root, names));
}
