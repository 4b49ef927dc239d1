import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { statOf } from '../core/safe-path';
import type { Cache, KnownRow, OutputStat, Row, RunTime, Summary } from './cache';
import { afterRun } from './after-run';
import { digestOf, EMPTY, fileStat, isSameFile, isSettled, type FileStat, type Fingerprint } from './fingerprint';
import { readEntry, writeEntry } from './store';

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
  private stored: Stored | undefined;
  private rows: ReadonlyMap<string, StoredRow> = new Map();
  /** '' for all folders. */
  private changed: ReadonlySet<string> = new Set();
  private readonly used = new Map<string, Row>();
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
    if (inputs.isOdd || outputs.isOdd) return undefined;
    const last = readEntry(this.project, 'run') as LastRun | undefined;
    return last?.inputs === this.inputsDigest && last.outputs === digestOf(outputs) ? last.summary : undefined;
  }

  row(path: string, stat: FileStat): KnownRow | undefined {
    const { classTexts } = this.read();
    const [, before, classText, identity, outputs] = this.rows.get(path) ?? [];
    if (identity === undefined || outputs === undefined || !isSameFile(before, stat)) return undefined;
    const isChanged = this.changed.has('') || this.changed.has(dirname(path));
    const row = { classText: classTexts[classText ?? 0] ?? '', identity, outputs: isChanged ? [] : outputs };
    this.used.set(path, row);
    return row;
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
    const outputs = new Map<string, OutputStat[]>();
    for (const [path, stat] of after.files) {
      const input = uncertain.has(path) ? undefined : this.inputOf(path);
      if (input !== undefined) outputs.set(input, [...(outputs.get(input) ?? []), [path, stat]]);
    }
    const classTexts = new Map<string, number>();
    const rows: StoredRow[] = [];
    const others: Record<string, FileStat | null> = {};
    let isCertain = uncertain.size === 0 && !after.isOdd && !this.inputs.isOdd;
    for (const [path, stat] of this.inputs.files) {
      const used = this.used.get(path);
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

  private read(): Stored {
    if (this.stored !== undefined) return this.stored;
    this.stored = (readEntry(this.project, 'rows') as Stored | undefined) ?? NOTHING;
    this.rows = new Map(this.stored.rows.map((row) => [row[0], row]));
    this.changed = this.changedInputs(this.stored);
    return this.stored;
  }

  /**
   * A changed file without a row affects the rows of its folder, or else all rows.
   * A new file affects only itself.
   */
  private changedInputs({ others }: Stored): Set<string> {
    const { files, isOdd } = this.inputs;
    const folders = new Set(Array.from(this.rows.keys(), (path) => dirname(path)));
    const above = new Set(Array.from(folders, (folder) => dirname(folder)));
    const changed = new Set(isOdd ? [''] : []);
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
