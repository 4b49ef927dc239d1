import { lstatSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DozlabError } from '../core/errors';
import { isStillRunning, thisProcess, type RunningProcess } from '../core/process-id';
import { isWritable, statOf } from '../core/safe-path';

const NAME = /^\.dozlab-(\d+)-(\d+)\.staged$/;

/**
 * A hidden folder, on the disk of what is to be replaced: there the new waits, and there the old goes. It keeps a second process from
 * writing at the same time, as it says whose it is; that of a killed process counts for nothing.
 */
export class Staging {
  /** Those of this process. */
  private static readonly own = new Set<string>();

  private given = 0;

  private constructor(private readonly folder: string) {}

  /** Whether it is one of this process. */
  static isOwn(folder: string): boolean {
    return Staging.own.has(folder);
  }

  /**
   * Makes one.
   * @throws DozlabError with code `write-failed` when another process has one at the same place
   */
  static in(place: string): Staging {
    removeLeftStaging(place);
    const { id, start } = thisProcess();
    const name = `.dozlab-${String(id)}-${start}.staged`;
    const staging = new Staging(join(place, name));
    mkdirSync(staging.folder);
    Staging.own.add(staging.folder);
    try {
      // Whoever makes one looks about afterwards: of two, at least one sees the other.
      const other = ownersIn(place).find((owner) => owner.name !== name);
      if (other !== undefined) throw busy(place, other);
      writeFileSync(join(staging.folder, '.gitignore'), '*\n'); // should this process be killed, git does not take it in
      return staging;
    } catch (error) {
      staging.remove();
      throw error;
    }
  }

  /** A path in it at which there is nothing yet. */
  free(): string {
    return join(this.folder, String((this.given += 1)));
  }

  /** Removes it with all that is in it. */
  remove(): void {
    Staging.own.delete(this.folder);
    try {
      rmSync(this.folder, { recursive: true, force: true });
    } catch {
      // What is done is done. The next run tries again, and tells.
    }
  }
}

/** Removes what killed processes left at a place. */
export function removeLeftStaging(place: string): void {
  for (const owner of ownersIn(place))
    if (owner.id === process.pid ? !Staging.isOwn(join(place, owner.name)) : !isStillRunning(owner))
      rmSync(join(place, owner.name), { recursive: true, force: true });
}

interface Owner extends RunningProcess {
  readonly name: string;
}

const ownersIn = (place: string): Owner[] =>
  readdirSync(place).flatMap((name) => {
    const [, id, start] = NAME.exec(name) ?? [];
    return id === undefined || start === undefined ? [] : [{ name, id: Number(id), start }];
  });

const busy = (place: string, { id, name }: Owner): DozlabError =>
  new DozlabError(
    'write-failed',
    `another dozlab (process ${String(id)}) is writing in ${place}: nothing was written; run it again when that is done, or, should there be none, remove ${join(place, name)}`,
  );

/** Beside the folder, where nobody takes it for output; in it where that is on another disk, or nobody may write beside it. */
export function stagingPlace(folder: string): string {
  const beside = dirname(resolve(folder));
  mkdirSync(beside, { recursive: true });
  const there = statOf(folder);
  if (there?.isDirectory() !== true) return beside;
  return there.dev === lstatSync(beside).dev && isWritable(beside) ? beside : folder;
}
