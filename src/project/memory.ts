import { createHash } from 'node:crypto';
import { readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Remember } from '../output/remember';
import { LazyFile } from '../render/lazy-file';
import type { OutputFile } from '../render/output-file';
import type { Mapping } from '../schema/tree';
import type { SessionValues } from '../values/schema';
import type { Basis } from './basis';
import { API_VERSION, type SessionDocument } from './documents';
import { Table, unpack, type Packed } from './interned';
import { KnownFile } from './known-file';
import type { Known, LoadedProject, LoadedSession } from './load';
import { writeFile } from './output-folder';
import type { Problem } from './problem';
import { PROGRAM_DIGEST } from './program-digest';
import type { ResolvedProject, ResolvedSession } from './resolved';
import { isThere, statOf } from './safe-path';
import { isSame, isSettled, stampOf, STEP, type Stamp } from './stamp';

/** What is kept of a run for the next one. It may be gone at any time, and is believed only of files that are as they were. */
interface Kept {
  readonly rows: readonly unknown[];
  readonly bases: readonly KeptBasis[];
  /** By cohort. */
  readonly sessions: Readonly<Record<string, readonly KeptSession[]>>;
  /** The output of sessions, by folder. */
  readonly output: Readonly<Record<string, readonly KeptOutput[]>>;
  readonly made: Readonly<Record<string, Made>>;
}

type KeptBasis = readonly [sources: number, given: Packed, values: Packed, problems: number];
type KeptSession = readonly [name: string, basis: number, ...stamp: Stamp, spec: Mapping];
type KeptOutput = readonly [path: string, ...stamp: Stamp];

interface Made {
  /** Digest of what it is made of. */
  readonly of: string;
  readonly made: unknown;
}

const NOTHING: Kept = { rows: [], bases: [], sessions: {}, output: {}, made: {} };

/** Below the project. It is ignored by Git, as it says itself. */
export const MEMORY_FOLDER = '.dozlab';
const FILE = `${MEMORY_FOLDER}/cache.json`;
/** Reading and making a file takes so many times as long as to keep what is known of it. */
const WORTH = 100;

const IGNORED = { path: `${MEMORY_FOLDER}/.gitignore`, content: '*\n' };

/** What is known of a project from runs before: spares reading, checking, making and comparing what is still as it was. */
export class Memory {
  /** Files that need not be read while they are as they were. */
  readonly known: Known;

  private readonly startedAt = Date.now();
  /** Files of the output as they were before anything was written. */
  private readonly seen = new Map<string, Stamp>();
  private readonly made = new Map<string, Made>();
  private readonly stamps: ReadonlyMap<string, Stamp>;
  private isMoreMade = false;

  private constructor(
    private readonly project: string,
    private readonly kept: Kept,
  ) {
    const bases = kept.bases.map((basis) => basisOf(basis, kept.rows));
    const sessions = Object.entries(kept.sessions).flatMap(([cohort, all]) =>
      all.map((session) => loadedSession(project, cohort, session, bases)),
    );
    this.known = new Map(sessions.map((session) => [session.path, session]));
    const output = Object.entries(kept.output);
    this.stamps = new Map(
      output.flatMap(([folder, files]) => files.map(([path, ...stamp]) => [`${folder}/${path}`, stamp] as const)),
    );
  }

  /** What is known of a project; nothing where nothing was kept that this program can take. */
  static of(project: string): Memory {
    const kept = read(project);
    try {
      return new Memory(project, kept);
    } catch {
      return new Memory(project, NOTHING);
    }
  }

  /** Makes what is not known. */
  readonly remember: Remember = <T>(name: string, of: unknown, make: () => T): T => {
    const digest = digestOf(JSON.stringify(of));
    const known = this.made.get(name) ?? this.kept.made[name];
    const made = known?.of === digest ? (known.made as T) : make();
    this.isMoreMade ||= known?.of !== digest;
    this.made.set(name, { of: digest, made });
    return made;
  };

  /** Whether a file of the output holds what was written into it when what it is made of was the same. */
  isCurrent(folder: string, { path, isKnown }: OutputFile, stamp: Stamp): boolean {
    const place = `${folder}/${path}`;
    this.seen.set(place, stamp);
    const known = isKnown === true ? this.stamps.get(place) : undefined;
    return known !== undefined && isSame(known, stamp);
  }

  /**
   * Keeps what is known now, if enough of it was not known before to be worth it. That it cannot be kept is no failure.
   * @param output what the output folders hold now; as before when it is not given
   */
  keep(
    loaded: LoadedProject,
    { sessions }: Pick<ResolvedProject, 'sessions'>,
    output?: readonly WrittenFolder[],
  ): void {
    const isUnknown = ({ isKnown }: { readonly isKnown?: boolean }): boolean => isKnown !== true;
    const files =
      output?.flatMap(({ folder, files: all }) => all.filter(isOfSession).map((file) => ({ folder, file }))) ?? [];
    const isOther = ({ folder, file }: { folder: string; file: OutputFile }): boolean => {
      const place = `${folder}/${file.path}`;
      const [seen, known] = [this.seen.get(place), this.stamps.get(place)];
      return seen === undefined || known === undefined || !isSame(seen, known);
    };
    const unknown = sessions.filter(isUnknown).length + files.filter(isOther).length;
    if (!this.isMoreMade && unknown * WORTH < sessions.length + files.length) return;
    if (output !== undefined) waitForStep();
    write(this.project, {
      ...packedSessions(loaded, sessions),
      output:
        output === undefined ? this.kept.output : Object.fromEntries(output.map((folder) => this.stamped(folder))),
      made: { ...this.kept.made, ...Object.fromEntries(this.made) },
    });
  }

  /** The stamps of files that certainly hold what they should. */
  private stamped({ folder, files, written, endedAt }: WrittenFolder): [folder: string, KeptOutput[]] {
    const isWritten = new Set(written);
    const kept = files.filter(isOfSession).flatMap((file): KeptOutput[] => {
      const place = `${folder}/${file.path}`;
      const stat = statOf(join(this.project, place));
      if (stat?.isFile() !== true) return [];
      const stamp = stampOf(stat);
      const seen = this.seen.get(place);
      const isSince = stat.mtimeMs >= this.startedAt - STEP;
      const isCertain = isWritten.has(file.path)
        ? isSince && stat.mtimeMs <= endedAt && stat.size === Buffer.byteLength(file.content)
        : seen !== undefined && (isSame(seen, stamp) || (!isSince && seen[0] === stamp[0] && seen[1] === stamp[1]));
      return isCertain && isSettled(stamp, Date.now()) ? [[file.path, ...stamp]] : [];
    });
    return [folder, kept];
  }
}

/** An output folder after it was written. */
export interface WrittenFolder {
  readonly folder: string;
  /** What it holds of ours. */
  readonly files: readonly OutputFile[];
  /** Paths of those that were written. */
  readonly written: readonly string[];
  /** When that was done, in milliseconds. */
  readonly endedAt: number;
}

const isOfSession = (file: OutputFile): boolean => file instanceof LazyFile;

/** Until what was written last has a time of its own. */
const waitForStep = (): unknown => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, STEP + 1);

function packedSessions(
  loaded: LoadedProject,
  resolved: readonly ResolvedSession[],
): Pick<Kept, 'rows' | 'bases' | 'sessions'> {
  const table = new Table();
  const places = new Map<Basis, number>();
  const bases: KeptBasis[] = [];
  const placeOf = (basis: Basis): number => {
    const known = places.get(basis);
    if (known !== undefined) return known;
    const { sources, given, values, problems } = basis;
    const place = bases.push([table.place(sources), table.pack(given), table.pack(values), table.place(problems)]) - 1;
    places.set(basis, place);
    return place;
  };
  const byPath = new Map<string, Basis | undefined>(
    resolved.map(({ cohort, id, basis }) => [`sessions/${cohort}/${id}.yaml`, basis] as const),
  );
  const sessions = loaded.cohorts.map(({ name: cohort, sessions: all }) => {
    const kept = all.flatMap(({ name, path, file, document }): KeptSession[] => {
      const basis = byPath.get(path);
      if (basis === undefined || document === undefined || file?.stamp === undefined) return [];
      return [[name, placeOf(basis), ...file.stamp, document.spec as Mapping]];
    });
    return [cohort, kept] as const;
  });
  return { rows: table.rows, bases, sessions: Object.fromEntries(sessions) };
}

const basisOf = ([sources, given, values, problems]: KeptBasis, rows: readonly unknown[]): Basis => ({
  sources: rows[sources] as string[],
  given: unpack(given, rows),
  values: unpack(values, rows) as unknown as SessionValues,
  problems: rows[problems] as Problem[],
});

function loadedSession(
  project: string,
  cohort: string,
  [name, basis, size, inode, changed, spec]: KeptSession,
  bases: readonly Basis[],
): LoadedSession {
  const path = `sessions/${cohort}/${name}.yaml`;
  const document: SessionDocument = {
    apiVersion: API_VERSION,
    kind: 'LabSession',
    metadata: { name },
    spec: spec as SessionDocument['spec'],
  };
  const found = bases[basis];
  const file = new KnownFile(project, path, [size, inode, changed]);
  return { name, path, file, document, isFlawed: false, ...(found === undefined ? {} : { basis: found }) };
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('base64url');

/** The first line of the file: which program wrote it, and what it holds. */
const headOf = (body: string): string => JSON.stringify([PROGRAM_DIGEST, process.version, digestOf(body)]);

/** What was kept, whole and by this program. */
function read(project: string): Kept {
  try {
    const text = readFileSync(join(project, FILE), 'utf8');
    const end = text.indexOf('\n');
    const body = text.slice(end + 1);
    return text.slice(0, end) === headOf(body) ? (JSON.parse(body) as Kept) : NOTHING;
  } catch {
    return NOTHING;
  }
}

function write(project: string, kept: Kept): void {
  const body = JSON.stringify(kept);
  try {
    if (!isThere(project, IGNORED.path)) writeFile(project, IGNORED);
    const before = Date.now();
    writeFile(project, { path: FILE, content: `${headOf(body)}\n${body}` });
    const changed = statOf(join(project, FILE))?.ctimeMs ?? 0;
    // Stamps are compared with our clock, which is to be that of the disk.
    if (changed < before - STEP || changed > Date.now() + STEP) unlinkSync(join(project, FILE));
  } catch {
    // A folder that nobody may write to, a full disk: the next run does the work again.
  }
}
