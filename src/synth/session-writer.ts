import { mkdirSync } from 'node:fs';
import { compiledTemplates } from '../manifests/compiled-templates';
import { releaseOf } from '../manifests/release-props';
import { batchOf } from '../manifests/session-batch';
import type { SessionTemplates } from '../manifests/session-templates';
import { progress } from '../core/progress';
import { FolderMap, type ByFolder } from '../cache/by-folder';
import { idAt } from '../cache/kept-blobs';
import type { LoadedProject } from '../source/load-project';
import type { StampedFile } from './new-file';
import type { CohortListener } from '../resolve/resolve';
import { isThere } from '../core/safe-path';
import { claim, type GivenBatch, type SessionWriterTask } from './session-writer-task';
import { Staging, stagingPlace } from './staging';
import { stampAt } from '../cache/file-stamp';
import { Thread } from './thread';
import { writeBatch, type WrittenFiles } from './write-batch';

/** Folders that are written, and not in place yet. */
export interface StagedFolders {
  readonly staging: Staging;
  /** The folder that they are for. */
  readonly output: string;
  /** By their folders within it, and their names. */
  readonly files: ByFolder<StampedFile>;
  /** Where these folders are for now. */
  readonly place: string;
}

/** With fewer sessions there is nothing to be gained. */
const MANY = 200;

/** So many sessions are taken at once. */
const BATCH = 100;

/** What there is while it writes. */
interface Started {
  readonly staging: Staging;
  readonly task: SessionWriterTask;
  readonly thread: Thread;
  readonly templates: SessionTemplates;
}

/**
 * Writes the files of sessions in another thread, while this one looks at the next ones, and then in both. They go into a hidden folder, from
 * where they are put in place with all the rest when all is right, or go. Should the thread fail, nothing is lost: then they are written like all
 * other files.
 */
export class SessionWriter {
  private started: Started | undefined;
  private readonly given: GivenBatch[] = [];

  /** @param output folder of a project */
  constructor(private readonly output: string) {}

  /**
   * Gives who has the files of each cohort written; undefined where that would be of no use: for a few sessions, and where there is output that
   * theirs is to be compared with.
   */
  listen({ cohorts }: LoadedProject): CohortListener | undefined {
    const sizes = cohorts.map(({ size }) => size);
    if (sum(sizes) < MANY || !this.isFree()) return undefined;
    const started = this.start(sum(sizes.map((size) => Math.ceil(size / BATCH))));
    this.started = started;
    if (started === undefined) return undefined;
    return (cohort, flux, all) => {
      const { name, namespace } = cohort;
      const release = releaseOf(cohort, flux);
      for (let first = 0; first < all.length; first += BATCH) {
        const batch = batchOf({ cohort: name, namespace, release }, all.slice(first, first + BATCH));
        const given: GivenBatch = { place: this.given.length, batch };
        this.given.push(given);
        started.thread.post(given);
      }
    };
  }

  /** Whether no output of sessions is there for certain. */
  private isFree(): boolean {
    try {
      return !['sessions', 'releases'].some((name) => isThere(this.output, name));
    } catch {
      return false; // who compares the output finds out, and tells
    }
  }

  private start(batches: number): Started | undefined {
    const templates = compiledTemplates();
    if (templates === undefined) return undefined;
    let staging: Staging | undefined;
    try {
      staging = Staging.in(stagingPlace(this.output));
      const folder = staging.free();
      mkdirSync(folder);
      const claims = new Int32Array(new SharedArrayBuffer(batches * Int32Array.BYTES_PER_ELEMENT));
      const task: SessionWriterTask = { folder, claims };
      const thread = Thread.start('session-writer-worker.cjs', task);
      if (thread !== undefined) return { staging, task, thread, templates };
    } catch {
      // Who writes the output finds out, and tells.
    }
    staging?.remove();
    return undefined;
  }

  /** Has all written; undefined when it cannot be. */
  finish(): StagedFolders | undefined {
    if (this.started === undefined) return undefined;
    const { staging, task } = this.started;
    const written = this.written(this.started);
    if (written === undefined) {
      this.discard();
      return undefined;
    }
    const files = new FolderMap<StampedFile>();
    for (const { path, names, stamps, ids } of written) {
      const own = files.at(path);
      for (const [index, name] of names.entries())
        own.set(name, { stamp: stampAt(stamps, index), id: idAt(ids, index) });
    }
    return { staging, output: this.output, files: files.all, place: task.folder };
  }

  /** Writes what the thread has not taken, from the end, and waits for it. */
  private written({ task, thread, templates }: Started): WrittenFiles[] | undefined {
    const total = sum(this.given.map(({ batch }) => batch.sessions.length));
    let done = 0;
    const tell = (others: number): void => {
      progress('writing files of sessions', done + others, total);
    };
    const own: WrittenFiles[] = [];
    try {
      for (const { place, batch } of this.given.toReversed()) {
        if (!claim(task.claims, place)) continue;
        own.push(...writeBatch(templates, batch, task.folder, () => true));
        done += batch.sessions.length;
        tell(thread.work);
      }
    } catch {
      return undefined;
    }
    thread.post(null);
    const others = thread.answer(tell) as WrittenFiles[] | undefined;
    return others === undefined ? undefined : [...others, ...own];
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

const sum = (numbers: readonly number[]): number => numbers.reduce((all, number) => all + number, 0);
