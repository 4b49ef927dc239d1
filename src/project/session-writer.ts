import { mkdirSync } from 'node:fs';
import { releaseOf } from '../output/release-props';
import { batchOf } from '../output/session-batch';
import { progress } from '../progress';
import { idAt, type BlobIds } from './kept-blobs';
import type { NewFile } from './new-file';
import type { LoadedProject } from './load';
import type { CohortListener } from './resolve';
import { isThere } from './safe-path';
import { Staging, stagingPlace } from './staging';
import { Thread } from './thread';

/** What the thread is to do: all that it writes goes below a folder. */
export interface SessionWriterTask {
  readonly folder: string;
}

/** A folder that the thread has written. */
export interface WrittenFolder {
  /** Within the output. */
  readonly path: string;
  /** Of its files. */
  readonly names: readonly string[];
  /** Their stamps, one behind the other. */
  readonly stamps: Float64Array;
  readonly ids: BlobIds;
}

/** Folders that are written, and not in place yet. */
export interface StagedFolders {
  readonly staging: Staging;
  /** The folder that they are for. */
  readonly output: string;
  /** By their paths within it. */
  readonly folders: ReadonlyMap<string, StagedFolder>;
}

interface StagedFolder {
  readonly place: string;
  /** By name. */
  readonly files: ReadonlyMap<string, NewFile>;
}

/** With fewer sessions there is nothing to be gained. */
const MANY = 200;

/** What there is while it writes. */
interface Started {
  readonly staging: Staging;
  readonly folder: string;
  readonly thread: Thread;
}

/**
 * Writes the files of sessions in another thread, while this one looks at the next ones. They go into a hidden folder, from where they are put in
 * place with all the rest when all is right, or go. Should the thread fail, nothing is lost: then they are written like all other files.
 */
export class SessionWriter {
  private started: Started | undefined;
  private sessions = 0;

  /** @param output folder of a project */
  constructor(private readonly output: string) {}

  /**
   * Gives who has the files of each cohort written; undefined where that would be of no use: for a few sessions, and where there is output that
   * theirs is to be compared with.
   */
  listen({ cohorts }: LoadedProject): CohortListener | undefined {
    const sessions = cohorts.reduce((sum, { size }) => sum + size, 0);
    if (sessions < MANY || ['sessions', 'releases'].some((name) => isThere(this.output, name))) return undefined;
    const started = this.start();
    this.started = started;
    if (started === undefined) return undefined;
    return (cohort, flux, all) => {
      const { name, namespace } = cohort;
      this.sessions += all.length;
      started.thread.post(batchOf({ cohort: name, namespace, release: releaseOf(cohort, flux) }, all));
    };
  }

  private start(): Started | undefined {
    let staging: Staging | undefined;
    try {
      staging = Staging.in(stagingPlace(this.output));
      const folder = staging.free();
      mkdirSync(folder);
      const task: SessionWriterTask = { folder };
      const thread = Thread.start('session-writer-worker.cjs', task);
      if (thread !== undefined) return { staging, folder, thread };
    } catch {
      // Who writes the output finds out, and tells.
    }
    staging?.remove();
    return undefined;
  }

  /** Waits until all is written; undefined when it is not. */
  finish(): StagedFolders | undefined {
    if (this.started === undefined) return undefined;
    const { staging, folder, thread } = this.started;
    thread.post(null);
    const written = thread.answer((done) => {
      progress('writing files of sessions', done, this.sessions);
    });
    if (written === undefined) {
      this.discard();
      return undefined;
    }
    const folders = (written as WrittenFolder[]).map((each) => [each.path, stagedFolder(folder, each)] as const);
    return { staging, output: this.output, folders: new Map(folders) };
  }

  /** Removes what was written, unless it is in place. */
  discard(): void {
    if (this.started === undefined) return;
    const { staging, thread } = this.started;
    this.started = undefined;
    thread.stop();
    thread.post(null);
    thread.answer();
    staging.remove();
  }
}

function stagedFolder(folder: string, { path, names, stamps, ids }: WrittenFolder): StagedFolder {
  const files = names.map((name, index): [string, NewFile] => {
    const [size = 0, inode = 0, changed = 0] = stamps.subarray(3 * index);
    return [name, { stamp: [size, inode, changed], id: idAt(ids, index) }];
  });
  return { place: `${folder}/${path}`, files: new Map(files) };
}
