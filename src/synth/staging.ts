import { lstatSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DozlabError } from '../core/errors';
import { isStillRunning, thisProcess } from '../core/replace-file';
import { isWritable, statOf } from '../core/safe-path';

const NAME = /^\.dozlab-(\d+)-(\d+)\.staged$/;

/** Hidden folder on the disk of the output. Also a lock: its name contains the process ID. */
export class Staging {
  private readonly folder: string;
  private paths = 0;

  /** @throws DozlabError with code `write-failed` if another process has one here */
  constructor(place: string) {
    const { id, start } = thisProcess();
    this.folder = join(place, `.dozlab-${String(id)}-${start}.staged`);
    mkdirSync(this.folder);
    try {
      // Each process makes its folder before it looks for others, so at least one of two sees the other.
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

  /** An unused path. */
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

/** From killed processes. */
export function removeLeftovers(folder: string): void {
  for (const place of [folder, dirname(resolve(folder))])
    if (statOf(place)?.isDirectory() === true)
      for (const owner of ownersIn(place))
        if (owner.id === process.pid || !isStillRunning(owner))
          rmSync(join(place, owner.name), { recursive: true, force: true });
}

/** Beside the folder; inside if it is a mount or its parent is read-only. */
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
