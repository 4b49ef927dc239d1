import { lstatSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DozlabError } from '../core/errors';
import { isStillRunning, thisProcess } from '../core/process-id';
import { isWritable, statOf } from '../core/safe-path';

const NAME = /^\.dozlab-(\d+)-(\d+)\.staged$/;

/**
 * A hidden folder on the disk of the output, for new files and for old ones until they are removed. It is a lock too: its name has the
 * process that writes.
 */
export class Staging {
  private readonly folder: string;
  private paths = 0;

  /** @throws DozlabError with code `write-failed` when another process has a staging folder at the same place */
  constructor(place: string) {
    const { id, start } = thisProcess();
    this.folder = join(place, `.dozlab-${String(id)}-${start}.staged`);
    mkdirSync(this.folder);
    try {
      // Each process looks for others after it made its own folder: of two, at least one sees the other.
      const other = ownersIn(place).find((owner) => owner.id !== id);
      if (other !== undefined)
        throw new DozlabError(
          'write-failed',
          `another dozlab (process ${String(other.id)}) is writing in ${place}: nothing was written; run it again when that is done, or, should there be none, remove ${join(place, other.name)}`,
        );
      writeFileSync(join(this.folder, '.gitignore'), '*\n'); // a killed process leaves the folder behind
    } catch (error) {
      this.remove();
      throw error;
    }
  }

  /** A path in it at which nothing is yet. */
  free(): string {
    return join(this.folder, String((this.paths += 1)));
  }

  remove(): void {
    try {
      rmSync(this.folder, { recursive: true, force: true });
    } catch {
      // The output is in place; the next run removes what is left.
    }
  }
}

/** Removes what killed processes left in an output folder or beside it. */
export function removeLeftovers(folder: string): void {
  for (const place of [folder, dirname(resolve(folder))])
    if (statOf(place)?.isDirectory() === true)
      for (const owner of ownersIn(place))
        if (owner.id === process.pid || !isStillRunning(owner))
          rmSync(join(place, owner.name), { recursive: true, force: true });
}

/** Beside the folder, where nobody takes it for output; in the folder if that is a mount, or the folder above is read-only. */
export function stagingPlace(folder: string): string {
  const above = dirname(resolve(folder));
  mkdirSync(above, { recursive: true });
  const there = statOf(folder);
  if (there?.isDirectory() !== true) return above;
  return there.dev === lstatSync(above).dev && isWritable(above) ? above : folder;
}

const ownersIn = (place: string) =>
  readdirSync(place).flatMap((name) => {
    const [, id, start] = NAME.exec(name) ?? [];
    return id === undefined || start === undefined ? [] : [{ name, id: Number(id), start }];
  });
