import type * as FileSystem from 'node:fs';
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads';
import type { Stamp } from './stamp';

/** Stamps of what lies below folders, taken by another thread while this one has other things to do. */
export class StampsAhead {
  private readonly answered = new Int32Array(new SharedArrayBuffer(4));
  private readonly port: MessagePort;
  private received: Listing[] = [];

  /**
   * @param root of all paths
   * @param groups folders and files, group by group: the stamps of a group are there before those of the next one
   */
  constructor(
    root: string,
    private readonly groups: readonly (readonly string[])[],
  ) {
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    const task: Task = { root, groups, port: port2, answered: this.answered };
    const parts = [walk, listGroups].map(String).join('\n');
    // Functions that need nothing but what they are given run from their text, wherever the program lies.
    const text = `${parts}\nlistGroups(require('node:fs'), require('node:worker_threads').workerData, walk)`;
    new Worker(text, { eval: true, workerData: task, transferList: [port2] }).unref();
    port1.unref();
  }

  /** What lies in a group of folders. Waits for the other thread. */
  listing(group: number): Listing {
    while (this.received.length <= group) {
      Atomics.wait(this.answered, 0, this.received.length, MOST_TIME);
      const answer = receiveMessageOnPort(this.port)?.message as Answer | undefined;
      // A thread that has not answered by now is not waited for again.
      if (answer === undefined) this.received.push(...this.groups.map(() => NOTHING));
      else this.received.push(listingOf(answer));
    }
    return this.received[group] ?? NOTHING;
  }

  /** The stamp of a regular file; undefined for what is none. */
  at(path: string): Stamp | undefined {
    const [first] = path.split('/', 1);
    const group = this.groups.findIndex((folders) => folders.includes(first ?? ''));
    return group === -1 ? undefined : this.listing(group).stamps.get(path);
  }
}

/** What lies below folders, without what is hidden. */
export interface Listing {
  /** Of regular files. */
  readonly stamps: ReadonlyMap<string, Stamp>;
  /** Folders, and in front of them `!` what is neither file nor folder, or left behind by a killed process. */
  readonly others: readonly string[];
}

const NOTHING: Listing = { stamps: new Map(), others: ['!'] };

/** Lists folders at once. */
export function listNow(fs: typeof FileSystem, root: string, folders: readonly string[]): Listing {
  return listingOf(walk(fs, root, folders));
}

/** Paths of files, and three numbers for each: its stamp. */
interface Answer {
  readonly paths: string[];
  readonly numbers: Float64Array;
  readonly others: string[];
}

function listingOf({ paths, numbers, others }: Answer): Listing {
  const stamps = new Map<string, Stamp>();
  for (const [index, path] of paths.entries())
    stamps.set(path, [numbers[index * 3] ?? 0, numbers[index * 3 + 1] ?? 0, numbers[index * 3 + 2] ?? 0]);
  return { stamps, others };
}

/** Milliseconds. What was not answered by then is asked again, file by file. */
const MOST_TIME = 10_000;

/** What the thread is told. */
interface Task {
  readonly root: string;
  readonly groups: readonly (readonly string[])[];
  readonly port: MessagePort;
  /** How many groups are answered. */
  readonly answered: Int32Array;
}

function listGroups(fs: typeof FileSystem, { root, groups, port, answered }: Task, list: typeof walk): void {
  groups.forEach((folders, index) => {
    const answer = list(fs, root, folders);
    port.postMessage(answer, [answer.numbers.buffer as ArrayBuffer]);
    Atomics.store(answered, 0, index + 1);
    Atomics.notify(answered, 0);
  });
}

function walk({ lstatSync, readdirSync }: typeof FileSystem, root: string, folders: readonly string[]): Answer {
  const paths: string[] = [];
  const numbers: number[] = [];
  const others: string[] = [];
  const see = (path: string): void => {
    const stat = lstatSync(root + '/' + path);
    if (stat.isDirectory()) enter(path);
    else if (stat.isFile()) {
      paths.push(path);
      numbers.push(stat.size, stat.ino, stat.ctimeMs);
    } else others.push('!' + path);
  };
  const enter = (folder: string): void => {
    others.push(folder);
    for (const entry of readdirSync(root + '/' + folder, { withFileTypes: true })) {
      const path = folder + '/' + entry.name;
      if (entry.name.startsWith('.dozlab-')) others.push('!' + path);
      else if (entry.name.startsWith('.')) continue;
      else if (entry.isDirectory()) enter(path);
      else see(path);
    }
  };
  for (const folder of folders) {
    try {
      see(folder);
    } catch (error) {
      // What is not there has no stamps; what cannot be read is told of by whoever needs it.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') others.push('!' + folder);
    }
  }
  return { paths, numbers: Float64Array.from(numbers), others };
}
