import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { Remember } from '../output/remember';
import type { OutputFile } from '../render/output-file';
import { withoutSecrets } from '../schema/shown';
import type { Basis } from './basis';
import { Table } from './interned';
import {
  digestOf,
  keep,
  packet,
  readKept,
  type Kept,
  type KeptBasis,
  type KeptCohort,
  type KeptFile,
  type KeptProject,
  type KeptSession,
  type Made,
  type Packet,
} from './kept';
import type { Known, LoadedCohort, LoadedProject, LoadedSession } from './load';
import { basisOf, keptBasis, loadedSession } from './kept-session';
import type { KnownOutput } from './output-folder';
import type { OutputPlan } from './output-plan';
import { isError, type Problem } from './problem';
import type { ResolvedSession } from './resolved';
import { isSame, isSettled, isWrittenIn, STEP, waitForStep, type Stamp } from './stamp';
import { PROJECT_GROUPS } from './found-changes';
import { listNow } from './listing';
import { OUTPUT_FOLDER } from './output-folders';

/** What is known of a project from runs before: spares reading, checking, making and comparing what is still as it was. */
export class Memory {
  /** Files that need not be read while they are as they were. */
  readonly known: Known;

  private readonly kept: KeptProject;
  private readonly cohorts: Kept['cohorts'];
  private readonly made = new Map<string, Made>();
  /** Stamps of the output of sessions when it was what it should be. */
  private readonly stamps = new Map<string, Stamp>();
  /** Stamps of files of the output before anything was written. */
  private readonly seen = new Map<string, Stamp>();
  /** Paths of output that was not known to be as it should be. */
  private readonly unknown: string[] = [];

  /**
   * @param project its folder
   * @param startedAt milliseconds before which nothing of the project was read
   * @param kept of runs before
   */
  constructor(
    private readonly project: string,
    private readonly startedAt: number,
    { project: kept, cohorts }: Kept,
  ) {
    this.kept = kept;
    this.cohorts = cohorts;
    const known = new Map<string, LoadedSession>();
    for (const [cohort, { kept }] of this.cohorts) {
      const bases = kept.bases.map((basis) => basisOf(basis, kept.rows));
      for (const each of kept.sessions) {
        const session = loadedSession(project, cohort, each, bases);
        known.set(session.path, session);
      }
      for (const [path, ...stamp] of kept.output) this.stamps.set(path, stamp);
    }
    this.known = known;
  }

  /** What is known of a project, for whoever only reads it. */
  static of(project: string): Memory {
    return new Memory(project, Date.now(), readKept(project));
  }

  /** Makes what is not known. */
  readonly remember: Remember = <T>(name: string, of: unknown, make: () => T): T => {
    const digest = digestOf(JSON.stringify(of));
    const known = this.made.get(name) ?? this.kept.made[name];
    const made = known?.of === digest ? (known.made as T) : make();
    this.made.set(name, { of: digest, made });
    return made;
  };

  /** What is known of an output folder. */
  output(folder: string): KnownOutput {
    return {
      isCurrent: (file, stamp) => {
        const path = `${folder}/${file.path}`;
        this.seen.set(path, stamp);
        if (!isOfSession(file)) return false;
        const known = this.stamps.get(path);
        const isCurrent = file.isKnown === true && known !== undefined && isSame(known, stamp);
        if (!isCurrent) this.unknown.push(file.path);
        return isCurrent;
      },
    };
  }

  /** Keeps what is known after the output folders were written. */
  keep(
    loaded: LoadedProject,
    sessions: readonly ResolvedSession[],
    problems: readonly Problem[],
    output: readonly Written[],
  ): void {
    const endedAt = Date.now();
    const isWritten = output.some(({ plan }) => plan.created.length + plan.changed.length > 0);
    if (isWritten) waitForStep();
    const files = this.certainFiles(output, endedAt);
    const changed = this.changedCohorts(loaded, sessions, output);
    const byCohort = new Map<string, ResolvedSession[]>();
    for (const session of sessions) {
      const members = byCohort.get(session.cohort);
      if (members === undefined) byCohort.set(session.cohort, [session]);
      else members.push(session);
    }
    const cohorts = new Map(
      loaded.cohorts
        .filter(({ name }) => changed.has(name))
        .map(
          (cohort) =>
            [cohort.name, packet(this.packed(cohort, byCohort.get(cohort.name) ?? [], output, files))] as const,
        ),
    );
    const names = loaded.cohorts.map(({ name }) => name);
    const whole = this.whole(names, cohorts, files, problems, output);
    if (cohorts.size === 0 && JSON.stringify(whole) === JSON.stringify(this.kept.whole) && !this.isMoreMade()) return;
    const made = Object.fromEntries(this.made);
    keep(this.project, { made, ...(whole === undefined ? {} : { whole }) }, cohorts, names);
  }

  private isMoreMade(): boolean {
    return Array.from(this.made).some(([name, { of }]) => this.kept.made[name]?.of !== of);
  }

  /** Names of cohorts of which not all is known. */
  private changedCohorts(
    loaded: LoadedProject,
    sessions: readonly ResolvedSession[],
    output: readonly Written[],
  ): Set<string> {
    const changed = new Set(sessions.filter(({ isKnown }) => isKnown !== true).map(({ cohort }) => cohort));
    const ofSessions = /^(?:sessions|releases)\/([^/]+)\//;
    const paths = output.flatMap(({ plan: { created, changed: other, removed } }) => [
      ...[...created, ...other].map(({ path }) => path),
      ...removed,
    ]);
    for (const path of [...this.unknown, ...paths]) {
      const name = ofSessions.exec(path)?.[1];
      if (name !== undefined) changed.add(name);
    }
    for (const { name, sessions: own } of loaded.cohorts)
      if (this.cohorts.get(name)?.kept.sessions.length !== own.length) changed.add(name);
    return changed;
  }

  /** The stamps of all files that certainly hold what was read or written. */
  private certainFiles(output: readonly Written[], endedAt: number): Certain {
    const written = new Map<string, OutputFile>(
      output.flatMap(({ folder, plan: { created, changed } }) =>
        [...created, ...changed].map((file) => [`${folder}/${file.path}`, file] as const),
      ),
    );
    const listings = PROJECT_GROUPS.map((group) => listNow(this.project, group));
    const now = Date.now();
    const stamps = new Map<string, Stamp>();
    let isAll = true;
    for (const listing of listings) {
      for (const [path, stamp] of listing.stamps) {
        const file = written.get(path);
        const isCertain = file === undefined ? this.isUntouched(path, stamp) : this.isOurs(path, file, endedAt);
        if (isCertain && isSettled(stamp, now)) stamps.set(path, stamp);
        else isAll = false;
      }
    }
    return { stamps, isAll, folders: listings.map(({ others }) => others) };
  }

  /** Whether a file was not changed since before it was read. Links to it may have been made since then, to replace its folder. */
  private isUntouched(path: string, stamp: Stamp): boolean {
    if (isSettled(stamp, this.startedAt)) return true;
    const seen = this.seen.get(path);
    if (seen?.[0] !== stamp[0] || seen[1] !== stamp[1]) return false;
    const { mtimeMs } = lstatSync(join(this.project, path));
    return mtimeMs < this.startedAt - STEP;
  }

  /** Whether a file is the one that this run has written. */
  private isOurs(path: string, { content }: OutputFile, endedAt: number): boolean {
    return isWrittenIn({ startedAt: this.startedAt, endedAt }, lstatSync(join(this.project, path)), content);
  }

  private packed(
    { name, sessions: all }: LoadedCohort,
    resolved: readonly ResolvedSession[],
    output: readonly Written[],
    { stamps }: Certain,
  ): KeptCohort {
    const table = new Table();
    const places = new Map<Basis, number>();
    const bases: KeptBasis[] = [];
    const placeOf = (basis: Basis): number => {
      const known = places.get(basis);
      if (known !== undefined) return known;
      const place = bases.push(keptBasis(basis, table)) - 1;
      places.set(basis, place);
      return place;
    };
    const byId = new Map(resolved.map(({ id, basis }) => [id, basis]));
    const sessions = all.flatMap(({ name: session, file, document }): KeptSession[] => {
      const basis = byId.get(session);
      if (basis === undefined || document === undefined || file?.stamp === undefined) return [];
      return [[session, placeOf(basis), ...file.stamp, document.spec]];
    });
    const starts = [`sessions/${name}/`, `releases/${name}/`];
    const files = output.flatMap(({ folder, files: own }) =>
      own
        .filter((file) => isOfSession(file) && starts.some((start) => file.path.startsWith(start)))
        .flatMap(({ path }): KeptFile[] => {
          const stamp = stamps.get(`${folder}/${path}`);
          return stamp === undefined ? [] : [[`${folder}/${path}`, ...stamp]];
        }),
    );
    return { rows: table.rows, bases, sessions, output: files };
  }

  /** The project as a whole, if all of it is certain. */
  private whole(
    names: readonly string[],
    packed: ReadonlyMap<string, Packet<KeptCohort>>,
    { stamps, isAll, folders }: Certain,
    problems: readonly Problem[],
    output: readonly Written[],
  ): KeptProject['whole'] {
    const isClear =
      output.every(({ folder, plan }) => folder !== OUTPUT_FOLDER || plan.foreign.length === 0) &&
      !problems.some(isError);
    if (!isAll || !isClear || folders.flat().some((path) => path.startsWith('!'))) return undefined;
    const cohorts = names.map((name) => ({ name, digest: '', ...(packed.get(name) ?? this.cohorts.get(name)) }));
    const ofCohorts = new Set(
      cohorts.flatMap(({ name, kept }) => [
        ...(kept?.sessions ?? []).map(([session]) => `sessions/${name}/${session}.yaml`),
        ...(kept?.output ?? []).map(([path]) => path),
      ]),
    );
    const others = Array.from(stamps)
      .filter(([path]) => !ofCohorts.has(path))
      .map(([path, stamp]): KeptFile => [path, ...stamp]);
    const files = PROJECT_GROUPS.map((group) => others.filter(([path]) => group.includes(path.split('/', 1)[0] ?? '')));
    return {
      cohorts: Object.fromEntries(cohorts.map(({ name, digest }) => [name, digest])),
      files,
      folders,
      problems: problems
        .filter(({ severity }) => severity !== 'info')
        .map((problem) => ({ ...problem, message: withoutSecrets(problem.message) })),
      counts: Object.fromEntries(output.map(({ folder, files }) => [folder, files.length])),
    };
  }
}

/** An output folder after it was written. */
export interface Written {
  readonly folder: string;
  /** What it holds of ours. */
  readonly files: readonly OutputFile[];
  readonly plan: OutputPlan;
}

interface Certain {
  readonly stamps: ReadonlyMap<string, Stamp>;
  /** Whether these are all files. */
  readonly isAll: boolean;
  readonly folders: readonly (readonly string[])[];
}

/** Of other files nothing is kept but with the project as a whole. */
const isOfSession = ({ isKnown }: OutputFile): boolean => isKnown !== undefined;
