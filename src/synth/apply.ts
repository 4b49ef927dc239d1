import { chmodSync, copyFileSync, linkSync, lstatSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { OutputFile } from '@dozlab/charts';
import { removeEmptyFolders, pathExists, isWritable, splitPath } from '../core/safe-path';
import { DozlabError } from '../core/errors';
import { grouped } from '../core/group-by';
import { progress } from '../core/progress';
import { changesIn, isStale, refuseOvertaken, withFoldersNow, type OutputPlan } from './plan';
import { removeLeftovers, Staging, stagingPlace } from './staging';

/** Above this, whole folders are renamed. */
const MOST_FILES = 8;

/** Overlay file systems, mounts and FAT cannot rename folders or link files. */
const CANNOT = ['EXDEV', 'EBUSY', 'EPERM', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'];

/**
 * All or none: fills a hidden folder, then renames paths. After a kill, the next run replaces old paths.
 * @throws DozlabError with code `write-failed` if a write fails or the output changed since the plan; the output is as
 * before
 */
export function applyPlans(plans: readonly OutputPlan[]): void {
  try {
    const stale = plans.filter(isStale);
    for (const plan of stale) refuseOvertaken(plan, true);
    for (const { folder } of plans) removeLeftovers(folder);
    const mayRenameFolders = stale.some((plan) => changesIn(plan) > MOST_FILES);
    try {
      replace(stale, mayRenameFolders);
    } catch (error) {
      if (!mayRenameFolders || !CANNOT.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
      replace(stale.map(withFoldersNow), false); // their renames were undone
    }
    for (const { folder, removed } of stale)
      for (const place of new Set(removed.map((path) => dirname(path))))
        if (pathExists(folder, place)) removeEmptyFolders(folder, place);
  } catch (error) {
    if (error instanceof DozlabError) throw error;
    const folders = plans.map(({ folder }) => folder).join(' and '); // a full disk does not name the file
    const { code = 'unknown error', path = folders, dest = path } = error as NodeJS.ErrnoException & { dest?: string };
    const message = `the output cannot be written: ${dest} (${code}); it is as it was, run synth again when that is mended`;
    throw new DozlabError('write-failed', message, { cause: error });
  }
}

function replace(plans: readonly OutputPlan[], mayRenameFolders: boolean): void {
  const stagings = new Map<string, Staging>();
  try {
    const moves = plans.flatMap((plan) => {
      const place = stagingPlace(plan.folder);
      const staging = stagings.get(place) ?? new Staging(place);
      stagings.set(place, staging);
      return new Replacement(plan, staging, mayRenameFolders).moves();
    });
    for (const plan of plans) refuseOvertaken(plan, false); // a staging folder in the output changes its top
    renameAll(moves);
  } finally {
    for (const staging of stagings.values()) staging.remove();
  }
}

/** `backup` is a copy of the replaced file. */
type Move = readonly [from: string, to: string, backup?: string];

function renameAll(moves: readonly Move[]): void {
  const done: Move[] = [];
  try {
    for (const move of moves) {
      renameSync(move[0], move[1]);
      done.push(move);
    }
  } catch (error) {
    for (const [from, to, backup] of done.reverse())
      if (backup === undefined) renameSync(to, from);
      else renameSync(backup, to);
    throw error;
  }
}

class Replacement {
  private readonly mayRenameFolders: boolean;
  private readonly toWrite: ReadonlyMap<string, OutputFile>;
  private written = 0;

  constructor(
    private readonly plan: OutputPlan,
    private readonly staging: Staging,
    mayRenameFolders: boolean,
  ) {
    this.mayRenameFolders = mayRenameFolders && !plan.existing.hasUnsupportedEntry;
    this.toWrite = new Map([...plan.created, ...plan.changed].map((file) => [file.path, file]));
  }

  /** Returns the renames into place. */
  moves(): Move[] {
    return this.isFolder('') ? this.movesOf([...this.plan.removed, ...this.toWrite.keys()]) : this.move('', true);
  }

  /** Renames the whole folder, unless one part changes or it holds foreign files. */
  private movesOf(changed: readonly string[], depth = 1): Move[] {
    return Array.from(byPart(depth, changed)).flatMap(([path, below]) => {
      if (below.every((each) => each === path)) return this.move(path, false);
      const isWhole =
        !this.isFolder(path) ||
        (this.mayRenameFolders && byPart(depth + 1, below).size > 1 && this.isReplaceable(path));
      return isWhole ? this.move(path, true) : this.movesOf(below, depth + 1);
    });
  }

  private move(path: string, isFolder: boolean): Move[] {
    const place = join(this.plan.folder, path);
    const [staged, old] = [this.staging.free(), this.staging.free()];
    const isNew = isFolder ? this.stageFolder(staged, path) : this.stageFile(staged, path);
    const isOld = isFolder ? this.isFolder(path) : this.plan.existing.files.has(path);
    const away: Move[] = isOld ? [[place, old]] : [];
    if (!isNew) return away;
    if (isFolder || !isOld) return [...away, [staged, place]];
    copyFileSync(place, old);
    return [[staged, place, old]];
  }

  /** Links unchanged files. False without files. */
  private stageFolder(staged: string, top: string): boolean {
    const made = new Set<string>();
    const make = (path: string): string => {
      const place = join(staged, path.slice(top.length));
      if (made.has(path)) return place;
      if (path !== top) make(splitPath(path)[0]);
      mkdirSync(place);
      if (this.isFolder(path)) chmodSync(place, lstatSync(join(this.plan.folder, path)).mode & 0o7777);
      made.add(path);
      return place;
    };
    for (const { path } of this.plan.files) {
      if (top !== '' && !path.startsWith(`${top}/`)) continue;
      const [folder, name] = splitPath(path);
      const place = join(make(folder), name);
      if (!this.stageFile(place, path)) linkSync(join(this.plan.folder, path), place);
    }
    return made.size > 0;
  }

  private stageFile(place: string, path: string): boolean {
    const file = this.toWrite.get(path);
    if (file === undefined) return false;
    writeFileSync(place, file.content, { flag: 'wx' });
    progress('writing files', (this.written += 1), this.toWrite.size);
    return true;
  }

  private isReplaceable(folder: string): boolean {
    const { existing, foreign } = this.plan;
    const isIn = (path: string): boolean => path === folder || path.startsWith(`${folder}/`);
    const isHidden = (path: string): boolean => path.slice(folder.length).includes('/.');
    return (
      Array.from(existing.folders.keys()).every((path) => !isIn(path) || isWritable(join(this.plan.folder, path))) &&
      !foreign.some(isIn) &&
      !Array.from(existing.files.keys()).some((path) => isIn(path) && isHidden(path))
    );
  }

  private isFolder(path: string): boolean {
    return this.plan.existing.folders.has(path);
  }
}

const byPart = (depth: number, paths: readonly string[]): Map<string, string[]> =>
  grouped(paths, (path) => path.split('/', depth).join('/'));
