import { chmodSync, copyFileSync, linkSync, lstatSync, mkdirSync, renameSync, rmdirSync } from 'node:fs';
import { dirname, join, posix, resolve } from 'node:path';
import { DozlabError } from '../core/errors';
import { progress } from '../core/progress';
import { removeEmptyFolders } from '../core/empty-folders';
import { folderChange, unitsOf, type FolderChange, type PathChange, type Unit } from './change-set';
import { FolderMap, type ByFolder } from '../cache/by-folder';
import { writeNewFile, type StampedFile } from './new-file';
import type { OutputPlan, PlannedFolder } from './plan';
import { isThere, isWritable, statOf } from '../core/safe-path';
import { removeLeftStaging, Staging, stagingPlace } from './staging';
import { waitForStep } from '../cache/file-stamp';

/**
 * Puts new output in place of the old at once. Everything is made ready in a folder beside it; then a handful of paths are renamed, files
 * or whole folders. No system that we know of can rename several at one stroke: who kills the process just between two of these, within
 * a fraction of a millisecond, finds a file or folder too few or too old, until the next run.
 */

/** So many files and folders of an output are renamed; where more files change, they are replaced with the folders they are in. */
const MOST_UNITS = 8;

/** What a system answers that cannot rename folders or link files: a layered file system, a mount, one without links. */
const CANNOT = ['EXDEV', 'EBUSY', 'EPERM', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'];

/** The files that were written into new folders of an output. */
export type NewFiles = ByFolder<StampedFile>;

/**
 * Does what plans say, or nothing.
 * @returns what was written, of each of the outputs
 * @throws DozlabError with code `write-failed` when somebody else writes there, or has written since the plan was made
 */
export function replaceAtOnce(outputs: readonly PlannedFolder[]): NewFiles[] {
  try {
    return replace(outputs, false);
  } catch (error) {
    if (!CANNOT.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    const written = replace(outputs, true);
    for (const { folder, plan } of outputs)
      for (const place of new Set(plan.removed.map((path) => dirname(path))))
        if (isThere(folder, place)) removeEmptyFolders(folder, place);
    return written;
  }
}

/** Removes what killed processes left beside an output folder. */
export function removeLeftovers(folder: string): void {
  for (const place of [folder, dirname(resolve(folder))])
    if (statOf(place)?.isDirectory() === true) removeLeftStaging(place);
}

function replace(outputs: readonly PlannedFolder[], isByFile: boolean): NewFiles[] {
  const written = outputs.map(() => new FolderMap<StampedFile>());
  const stagings = new Map<string, Staging>();
  try {
    const moves = outputs.flatMap(({ folder, plan }, index) => {
      const place = stagingPlace(folder);
      const staging = stagings.get(place) ?? Staging.in(place);
      stagings.set(place, staging);
      refuseOvertaken({ folder, plan });
      return new Replacement(folder, plan, staging, written[index] ?? new FolderMap()).moves(isByFile);
    });
    // Whoever changes a file as soon as it is in place gives it another stamp.
    if (written.some(({ all }) => all.size > 0)) waitForStep();
    for (const output of outputs) refuseOvertaken(output);
    try {
      carryOut(moves);
    } catch (error) {
      for (const { plan } of outputs) plan.entries.renew();
      throw error;
    }
    return written.map(({ all }) => all);
  } finally {
    for (const staging of stagings.values()) staging.remove();
  }
}

/** @throws DozlabError with code `write-failed` when files have come, gone or been replaced since the plan was made */
function refuseOvertaken({ folder, plan }: PlannedFolder): void {
  const isStaged = stagingPlace(folder) === folder;
  const changed = plan.entries.changed().find((path) => path !== '' || !isStaged);
  if (changed === undefined) return;
  const message = `${join(folder, changed)} has been changed meanwhile: nothing was written; accepted: the same command again`;
  throw new DozlabError('write-failed', message);
}

interface Move {
  readonly from: string;
  readonly to: string;
  /** A copy of what is replaced by it. */
  readonly copy?: string;
}

/** Renames one after the other, all or none. */
function carryOut(moves: readonly Move[]): void {
  const done: Move[] = [];
  try {
    for (const move of moves) {
      renameSync(move.from, move.to);
      done.push(move);
    }
  } catch (error) {
    for (const { from, to, copy } of done.reverse())
      if (copy === undefined) renameSync(to, from);
      else renameSync(copy, to);
    throw error;
  }
}

/** What is to be done in one folder. */
class Replacement {
  private readonly foreign: ReadonlySet<string>;
  private readonly toWrite: number;
  private done = 0;

  constructor(
    private readonly folder: string,
    private readonly plan: OutputPlan,
    private readonly staging: Staging,
    private readonly written: FolderMap<StampedFile>,
  ) {
    this.foreign = new Set(plan.foreign);
    this.toWrite = plan.created.length + plan.changed.length;
  }

  /** Makes everything ready, and gives what is to be renamed then. */
  moves(isByFile: boolean): Move[] {
    const { created, changed, removed } = this.plan;
    const changes = folderChange([...created, ...changed], removed);
    if (!this.isFolder('')) return this.staged({ path: '', change: changes });
    const units = unitsOf(changes, isByFile ? Infinity : MOST_UNITS, {
      isDivisible: (path, change) =>
        this.isFolder(path) && (isByFile || !this.isEmptied(path, change) || !this.isReplaceable(path)),
      isReplaceable: (path) => this.isReplaceable(path),
    });
    return units.flatMap((unit) => this.staged(unit));
  }

  private staged({ path, change }: Unit): Move[] {
    const to = join(this.folder, path);
    const from = this.staging.free();
    if (change instanceof Map) {
      const away = this.isFolder(path) ? [{ from: to, to: this.staging.free() }] : [];
      return this.write(from, path, change) ? [...away, { from, to }] : away;
    }
    if (change === undefined) return [{ from: to, to: from }];
    writeNewFile(from, change.content);
    if (this.plan.entries.at(path) === undefined) return [{ from, to }];
    const copy = this.staging.free();
    copyFileSync(to, copy);
    return [{ from, to, copy }];
  }

  /** Writes a folder as it is to be, with links to the files that stay. Gives whether there is anything in it. */
  private write(staged: string, path: string, changes: FolderChange): boolean {
    mkdirSync(staged);
    let isEmpty = true;
    for (const [name, change] of changes) {
      const to = join(staged, name);
      if (change instanceof Map) {
        if (!this.write(to, posix.join(path, name), change)) continue;
      } else if (change === undefined) continue;
      else {
        this.written.at(path).set(name, writeNewFile(to, change.content));
        progress('writing files', (this.done += 1), this.toWrite);
      }
      isEmpty = false;
    }
    for (const [name, entry] of this.entriesIn(path)) {
      if (changes.has(name)) continue;
      const below = posix.join(path, name);
      if (!entry.isDirectory()) linkSync(join(this.folder, below), join(staged, name));
      else if (!this.write(join(staged, name), below, NO_CHANGE)) continue;
      isEmpty = false;
    }
    if (isEmpty) rmdirSync(staged);
    else if (this.isFolder(path)) chmodSync(staged, lstatSync(join(this.folder, path)).mode & 0o7777);
    return !isEmpty;
  }

  /** Whether nothing is left of a folder. */
  private isEmptied(path: string, changes: FolderChange): boolean {
    const isGone = ([name, change]: [string, PathChange]): boolean =>
      change === undefined || (change instanceof Map && this.isEmptied(posix.join(path, name), change));
    return Array.from(changes).every(isGone) && Array.from(this.entriesIn(path)).every(([name]) => changes.has(name));
  }

  /** Whether a folder holds nothing but files of ours, and what is old can be removed. */
  private isReplaceable(path: string): boolean {
    return (
      isWritable(join(this.folder, path)) &&
      Array.from(this.entriesIn(path)).every(([name, entry]) => {
        const below = posix.join(path, name);
        if (name.startsWith('.')) return false;
        return entry.isDirectory() ? this.isReplaceable(below) : entry.isFile() && !this.foreign.has(below);
      })
    );
  }

  private entriesIn(path: string) {
    return this.isFolder(path) ? this.plan.entries.in(path) : [];
  }

  private isFolder(path: string): boolean {
    if (path === '') return statOf(this.folder)?.isDirectory() === true;
    return this.plan.entries.at(path)?.isDirectory() === true;
  }
}

const NO_CHANGE: FolderChange = new Map();
