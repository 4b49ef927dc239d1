import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { Remember } from '../output/remember';
import type { OutputFile } from '../render/output-file';
import { grouped } from '../schema/grouped';
import { withoutSecrets } from '../schema/shown';
import {
  digestOf,
  keep,
  packet,
  readCohorts,
  readMade,
  readWhole,
  type KeptCohort,
  type Made,
  type Packet,
  type Read,
  type Whole,
} from './kept';
import { filesOf, type Known, type LoadedProject, type LoadedSession } from './load';
import { idAt, idOfOutput } from './kept-blobs';
import { isOfSession, outputByCohort, packedCohort, type OutputNow, type Written } from './kept-cohort';
import { loadedSession } from './kept-session';
import type { KnownOutput } from './output-folder';
import type { NewFiles } from './output-replacement';
import { isError, type Problem } from './problem';
import type { ResolvedSession } from './resolved';
import { sourcesOf } from './sources';
import { isSame, isSettled, isWrittenIn, STEP, waitForStep, type Stamp } from './stamp';
import {
  digestsOf,
  INPUTS,
  listedPath,
  listedStamp,
  listNow,
  NO_DIGEST,
  OUTPUT,
  type Digests,
  type Listing,
} from './listing';
import { OUTPUT_FOLDER } from './output-folders';

/** What is known of a project from runs before: spares reading, checking, making and comparing what is still as it was. */
export class Memory {
  /** Files that need not be read while they are as they were. */
  readonly known: Known;

  private readonly cohorts: ReadonlyMap<string, Read<KeptCohort>>;
  /** What was made in runs before, as far as it was asked for, and in this one, by name. */
  private readonly made = new Map<string, Read<Made>>();
  private readonly madeAnew = new Map<string, Made>();
  /** Stamps of the output of sessions when it was what it should be. */
  private readonly stamps = new Map<string, Stamp>();
  /** Ids of the blobs of files of sessions, and of their output when it was what it should be. */
  private readonly blobs = new Map<string, string>();
  /** Paths of output that is as it was then. */
  private readonly current = new Set<string>();
  /** Stamps of files of the output before anything was written. */
  private readonly seen = new Map<string, Stamp>();
  /** Paths of output that was not known to be as it should be. */
  private readonly unknown: string[] = [];

  /**
   * @param project its folder
   * @param startedAt milliseconds before which nothing of the project was read
   */
  constructor(
    private readonly project: string,
    private readonly startedAt = Date.now(),
  ) {
    this.cohorts = readCohorts(project);
    const known = new Map<string, LoadedSession>();
    for (const [cohort, { kept }] of this.cohorts) {
      for (const [index, each] of kept.sessions.entries()) {
        const session = loadedSession(project, cohort, each, kept.sources, idAt(kept.blobs.sessions, index));
        known.set(session.path, session);
      }
      for (const [index, [path, ...stamp]] of kept.output.entries()) {
        this.stamps.set(path, stamp);
        const blob = idAt(kept.blobs.output, index);
        if (blob !== undefined) this.blobs.set(path, blob);
      }
    }
    this.known = known;
  }

  /** Makes what is not known. */
  readonly remember: Remember = <T>(name: string, of: unknown, make: () => T): T => {
    const digest = digestOf(JSON.stringify(of));
    const before = this.made.get(name) ?? readMade(this.project, name);
    const known = this.madeAnew.get(name) ?? before?.kept;
    if (before !== undefined) this.made.set(name, before);
    if (known?.of === digest) return known.made as T;
    const made = make();
    this.madeAnew.set(name, { of: digest, made });
    return made;
  };

  /**
   * The id that Git has for a file of a session's output, if that is made of the same as when it was written last. It begins with our header
   * then, and its lines end as we end them.
   * @param path within the project
   */
  blobOf(path: string, { isKnown }: OutputFile): string | undefined {
    return isKnown === true ? this.blobs.get(path) : undefined;
  }

  /** What is known of an output folder. */
  output(folder: string): KnownOutput {
    return {
      isCurrent: (file, stamp) => {
        const path = `${folder}/${file.path}`;
        this.seen.set(path, stamp);
        if (!isOfSession(file)) return false;
        const known = this.stamps.get(path);
        const isCurrent = file.isKnown === true && known !== undefined && isSame(known, stamp);
        if (isCurrent) this.current.add(path);
        else this.unknown.push(file.path);
        return isCurrent;
      },
    };
  }

  /**
   * Keeps what is known after the output folders were written.
   * @param newFiles those that were written into new folders
   */
  keep(synthesized: Synthesized, output: readonly Written[], newFiles: NewFiles): void {
    const { loaded, sessions, problems } = synthesized;
    const endedAt = Date.now();
    const written = output.reduce((sum, { plan }) => sum + plan.created.length + plan.changed.length, 0);
    if (written > newFiles.size) waitForStep();
    const certain = this.certainFiles(synthesized, output, newFiles, endedAt);
    const files = outputByCohort(output);
    const changed = this.changedCohorts(loaded, sessions, output);
    const byCohort = grouped(sessions, ({ cohort }) => cohort);
    const outputNow = (path: string, file: OutputFile): OutputNow | undefined => {
      const stamp = certain.stamps.get(path);
      if (stamp === undefined) return undefined;
      const id = this.current.has(path) ? this.blobs.get(path) : (newFiles.get(file)?.id ?? idOfOutput(file.content));
      return { stamp, id };
    };
    const cohorts = new Map(
      loaded.cohorts
        .filter(({ name }) => changed.has(name))
        .map(
          (cohort) =>
            [
              cohort.name,
              packet(
                packedCohort(
                  cohort,
                  sourcesOf(loaded, cohort),
                  byCohort.get(cohort.name) ?? [],
                  files.get(cohort.name) ?? [],
                  outputNow,
                ),
              ),
            ] as const,
        ),
    );
    const names = loaded.cohorts.map(({ name }) => name);
    const made = new Map(Array.from(this.madeAnew, ([name, each]) => [name, packet(each)] as const));
    const whole = this.whole(names, { cohorts, made }, certain, problems, output);
    const isSame = JSON.stringify(whole) === JSON.stringify(readWhole(this.project));
    if (cohorts.size === 0 && made.size === 0 && isSame) return;
    keep(this.project, { made, cohorts, whole }, names);
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
  private certainFiles(
    { loaded }: Synthesized,
    output: readonly Written[],
    newFiles: NewFiles,
    endedAt: number,
  ): Certain {
    const written = new Map<string, OutputFile>(
      output.flatMap(({ folder, plan: { created, changed } }) =>
        [...created, ...changed].map((file) => [`${folder}/${file.path}`, file] as const),
      ),
    );
    const sure = new Map<string, Stamp>(stampsOf(loaded));
    for (const [path, file] of written) {
      const stamp = newFiles.get(file)?.stamp;
      if (stamp !== undefined) sure.set(path, stamp);
    }
    const known = (path: string): Stamp | undefined => sure.get(path);
    const inputs = listNow(this.project, INPUTS, known);
    const made = listNow(this.project, OUTPUT, known);
    const now = Date.now();
    const stamps = new Map<string, Stamp>();
    // What has gone since then is not known to be gone.
    let isAll = Array.from(sure.keys()).every(
      (path) => (listedStamp(inputs, path) ?? listedStamp(made, path)) !== undefined,
    );
    for (const [folder, listed] of [...inputs, ...made]) {
      if (listed.isOdd) isAll = false;
      for (const [name, stamp] of listed.stamps) {
        const path = listedPath(folder, name);
        const file = written.get(path);
        const isCertain = (): boolean =>
          (file === undefined ? this.isUntouched(path, stamp) : this.isOurs(path, file, endedAt)) &&
          isSettled(stamp, now);
        if (sure.has(path) || isCertain()) stamps.set(path, stamp);
        else isAll = false;
      }
    }
    return { stamps, isAll, inputs, output: made };
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

  /** The project as a whole, if all of it is certain. */
  private whole(
    names: readonly string[],
    packets: { readonly cohorts: Packets<KeptCohort>; readonly made: Packets<Made> },
    { isAll, inputs, output: listed }: Certain,
    problems: readonly Problem[],
    output: readonly Written[],
  ): Whole | undefined {
    const isClear =
      output.every(({ folder, plan }) => folder !== OUTPUT_FOLDER || plan.foreign.length === 0) &&
      !problems.some(isError);
    if (!isAll || !isClear) return undefined;
    const digests = <T>(all: Iterable<string>, packed: Packets<T>, known: ReadonlyMap<string, Read<T>>): Digests =>
      Object.fromEntries(Array.from(all, (name) => [name, (packed.get(name) ?? known.get(name))?.digest ?? NO_DIGEST]));
    return {
      cohorts: digests(names, packets.cohorts, this.cohorts),
      made: digests(new Set([...this.made.keys(), ...packets.made.keys()]), packets.made, this.made),
      inputs: digestsOf(inputs),
      output: digestsOf(listed),
      problems: problems
        .filter(({ severity }) => severity !== 'info')
        .map((problem) => ({ ...problem, message: withoutSecrets(problem.message) })),
      counts: Object.fromEntries(output.map(({ folder, files }) => [folder, files.length])),
    };
  }
}

/** What a run has found. */
interface Synthesized {
  readonly loaded: LoadedProject;
  readonly sessions: readonly ResolvedSession[];
  readonly problems: readonly Problem[];
}

/** The stamps of files of a project as they were read. */
const stampsOf = (loaded: LoadedProject): [string, Stamp][] =>
  [...filesOf(loaded).map(({ file }) => file), ...loaded.secretFiles.values()].flatMap((file) =>
    file?.stamp === undefined ? [] : [[file.path, file.stamp] as [string, Stamp]],
  );

type Packets<T> = ReadonlyMap<string, Packet<T>>;

interface Certain {
  readonly stamps: ReadonlyMap<string, Stamp>;
  /** Whether these are all files. */
  readonly isAll: boolean;
  readonly inputs: Listing;
  readonly output: Listing;
}
