import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { grouped } from '../core/group-by';
import { statOf, foldersTo } from '../core/safe-path';
import type { Cache, CachedRow, OutputStat, Row, RunTime, Summary } from './cache';
import {
  digestOf,
  EMPTY,
  fileStat,
  isSameFile,
  isSettled,
  type FileStat,
  type Fingerprint,
  folderStat,
  STEP,
  type FolderStat,
} from './fingerprint';
import { readEntry, writeEntry } from './store';
import type { Stats } from 'node:fs';

/** Undefined for an output file of many inputs. */
export type InputOf = (output: string) => string | undefined;

/** Stores each class text once. */
interface Stored {
  readonly classTexts: readonly string[];
  readonly rows: readonly StoredRow[];
  /** Null if ctime may miss the next change. */
  readonly others: Readonly<Record<string, FileStat | null>>;
  readonly memos: Readonly<Record<string, Memo>>;
}

type StoredRow = readonly [path: string, FileStat, classText: number, identity: object, readonly OutputStat[]];

interface Loaded {
  readonly rows: ReadonlyMap<string, FileRow>;
  readonly memos: Stored['memos'];
}

interface FileRow {
  readonly stat: FileStat;
  readonly row: CachedRow;
}

interface Memo {
  /** Digest of the input. */
  readonly of: string;
  readonly made: unknown;
}

interface LastRun {
  readonly inputs: string;
  readonly outputs: string;
  readonly summary: Summary;
}

const NOTHING: Stored = { classTexts: [], rows: [], others: {}, memos: {} };

export class ProjectCache implements Cache {
  private inputs = EMPTY;
  private inputsDigest = '';
  private outputs = EMPTY;
  private loaded: Loaded | undefined;
  private readonly recorded = new Map<string, Row>();
  private readonly memos: Record<string, Memo> = {};

  constructor(
    private readonly project: string,
    private readonly inputOf: InputOf,
  ) {}

  unchanged(inputs: Fingerprint, outputs: Fingerprint): Summary | undefined {
    this.inputs = inputs;
    this.outputs = outputs;
    this.inputsDigest = digestOf(inputs);
    if (inputs.hasUnsupportedEntry || outputs.hasUnsupportedEntry) return undefined;
    const last = readEntry(this.project, 'run') as LastRun | undefined;
    return last?.inputs === this.inputsDigest && last.outputs === digestOf(outputs) ? last.summary : undefined;
  }

  row(path: string, stat: FileStat): CachedRow | undefined {
    const found = this.read().rows.get(path);
    return found !== undefined && isSameFile(found.stat, stat) ? found.row : undefined;
  }

  memo<T>(name: string, of: unknown, make: () => T): T {
    const digest = createHash('sha256').update(JSON.stringify(of)).digest('base64url');
    const last = this.read().memos[name];
    const memo = last?.of === digest ? last : { of: digest, made: make() };
    this.memos[name] = memo;
    return memo.made as T;
  }

  record(path: string, row: Row): void {
    this.recorded.set(path, row);
  }

  commit(run: RunTime, summary: Summary | undefined): void {
    const { after, uncertain } = afterRun(this.project, this.outputs, run);
    const outputs = grouped(
      Array.from(after.files).filter(([path]) => !uncertain.has(path)),
      ([path]) => this.inputOf(path) ?? '',
    );
    const classTexts = new Map<string, number>();
    const rows: StoredRow[] = [];
    const others: Record<string, FileStat | null> = {};
    let isCertain = uncertain.size === 0 && !after.hasUnsupportedEntry && !this.inputs.hasUnsupportedEntry;
    for (const [path, stat] of this.inputs.files) {
      const used = this.row(path, stat);
      const row = used ?? this.recorded.get(path);
      const isSure = isSettled(stat, run.startedAt) && (used !== undefined || isSameFile(stat, this.statNow(path)));
      if (!isSure) isCertain = false;
      if (row === undefined) others[path] = isSure ? stat : null;
      else if (isSure) {
        const classText = classTexts.get(row.classText) ?? classTexts.size;
        classTexts.set(row.classText, classText);
        rows.push([path, stat, classText, row.identity, outputs.get(path) ?? []]);
      }
    }
    const stored: Stored = { classTexts: Array.from(classTexts.keys()), rows, others, memos: this.memos };
    writeEntry(this.project, 'rows', stored);
    const last = { inputs: this.inputsDigest, outputs: digestOf(after), summary };
    writeEntry(this.project, 'run', isCertain && summary !== undefined ? last : undefined);
  }

  private read(): Loaded {
    if (this.loaded !== undefined) return this.loaded;
    const { classTexts, rows, others, memos } = (readEntry(this.project, 'rows') as Stored | undefined) ?? NOTHING;
    const byPath = new Map<string, FileRow>();
    const changed = this.changedInputs(rows, others);
    for (const [path, stat, classText, identity, outputs] of rows) {
      const isChanged = changed.has('') || changed.has(dirname(path));
      const row = { classText: classTexts[classText] ?? '', identity, outputs: isChanged ? [] : outputs };
      byPath.set(path, { stat, row });
    }
    this.loaded = { rows: byPath, memos };
    return this.loaded;
  }

  /**
   * A changed file without a row affects the rows of its folder, or else all rows.
   * A new file affects only itself. '' for all folders.
   */
  private changedInputs(rows: Stored['rows'], others: Stored['others']): Set<string> {
    const { files, hasUnsupportedEntry } = this.inputs;
    const folders = new Set(rows.map(([path]) => dirname(path)));
    const above = new Set(Array.from(folders, (folder) => dirname(folder)));
    const changed = new Set(hasUnsupportedEntry ? [''] : []);
    for (const [path, stat] of Object.entries(others))
      if (!isSameFile(stat ?? undefined, files.get(path))) changed.add(folders.has(dirname(path)) ? dirname(path) : '');
    for (const path of files.keys())
      if (!Object.hasOwn(others, path) && !above.has(dirname(dirname(path)))) changed.add('');
    return changed;
  }

  private statNow(path: string): FileStat | undefined {
    const stats = statOf(join(this.project, path));
    return stats === undefined ? undefined : fileStat(stats);
  }
}

/**
 * Reads new stats only for files and folders that the run wrote.
 * @returns also uncertain files: others changed them, or ctime may miss the next change
 */
function afterRun(
  project: string,
  before: Fingerprint,
  run: RunTime,
): { readonly after: Fingerprint; readonly uncertain: ReadonlySet<string> } {
  const { startedAt, written } = run;
  if (written.size > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, STEP + 1); // the next change gets another ctime
  const now = Date.now();
  const folders = new Map<string, FolderStat>();
  const writtenIn = new Set(Array.from(written.keys(), (path) => dirname(path)));
  for (const path of new Set([...before.folders.keys(), ...Array.from(writtenIn).flatMap(foldersTo)])) {
    const stats = statOf(join(project, path));
    if (stats?.isDirectory() === true) folders.set(path, folderStat(stats));
  }
  const isReplaced = ([path, [inode]]: readonly [string, FolderStat]): boolean => folders.get(path)?.[0] !== inode;
  const replaced = new Set(
    Array.from(before.folders)
      .filter(isReplaced)
      .map(([path]) => path),
  );
  const files = new Map(before.files);
  const uncertain = new Set<string>();
  const affected = new Set(written.keys());
  for (const [path, stat] of before.files)
    if (replaced.has(dirname(path))) affected.add(path);
    else if (!isSettled(stat, startedAt) && !written.has(path)) uncertain.add(path);
  for (const path of affected) {
    const stats = statOf(join(project, path));
    const stat = stats && fileStat(stats);
    if (stat === undefined) files.delete(path);
    else files.set(path, stat);
    const old = before.files.get(path);
    if (!isUnchangedSince(path, old, stats, run) || (stat !== undefined && !isSettled(stat, now))) uncertain.add(path);
  }
  return { after: { files, folders, hasUnsupportedEntry: before.hasUnsupportedEntry }, uncertain };
}

function isUnchangedSince(
  path: string,
  old: FileStat | undefined,
  stats: Stats | undefined,
  { startedAt, endedAt, written }: RunTime,
): boolean {
  const bytes = written.get(path);
  if (stats === undefined) return written.has(path) && bytes === undefined;
  const { size, ino, mtimeMs } = stats;
  if (written.has(path)) return size === bytes && mtimeMs >= startedAt - STEP && mtimeMs <= endedAt;
  return old?.[0] === size && old[1] === ino && mtimeMs < startedAt - STEP;
}
