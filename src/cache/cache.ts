import type { Remember } from '../core/memo';
import type { OutputFile } from '@dozlab/charts';
import { grouped } from '../core/group-by';
import { withoutSecrets } from '../core/redact';
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
} from './store';
import { certainFiles, type Certain } from './certain-files';
import { FolderMap, ofPath, splitPath, type ByFolder } from './by-folder';
import type { CohortDocument, Documents } from '../source/document';
import { idOfOutput } from './kept-blobs';
import { cohortOf, filesOfFolder, isOfSession, packedCohort, type StampedFile, type Written } from './kept-cohort';
import type { KnownOutput } from '../synth/plan';
import { isError, type Problem } from '../core/diagnostics';
import type { Session } from '../model/session';
import { isSame, type Stamp } from './file-stamp';
import { digestsOf, NO_DIGEST, type Digests } from './fingerprint';
import { OUTPUT_FOLDER } from '../model/project';

/** What is known of a project from runs before: spares reading, checking, making and comparing what is still as it was. */
export class Memory {
  private readonly cohorts: ReadonlyMap<string, Read<KeptCohort>>;
  /** What was made in runs before, as far as it was asked for, and in this one, by name. */
  private readonly made = new Map<string, Read<Made>>();
  private readonly madeAnew = new Map<string, Made>();
  /** The output of sessions when it was what it should be, by paths within the project. */
  private readonly output: ByFolder<StampedFile>;
  /** What of it is so still. */
  private readonly current = new FolderMap<StampedFile>();
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
    const output = new Map<string, ReadonlyMap<string, StampedFile>>();
    for (const { kept } of this.cohorts.values()) {
      for (const [folder, files] of Object.entries(kept.output)) output.set(folder, filesOfFolder(files));
    }
    this.output = output;
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
    return isKnown === true ? ofPath(this.output, path)?.id : undefined;
  }

  /** What is known of an output folder. */
  outputIn(folder: string): KnownOutput {
    return {
      isCurrent: (file, stamp) => {
        const path = `${folder}/${file.path}`;
        this.seen.set(path, stamp);
        if (!isOfSession(file)) return false;
        const known = file.isKnown === true ? ofPath(this.output, path) : undefined;
        const isCurrent = known !== undefined && isSame(known.stamp, stamp);
        if (isCurrent) this.current.set(path, known);
        else this.unknown.push(file.path);
        return isCurrent;
      },
    };
  }

  /** Keeps what is known after the output folders were written. */
  keep(synthesized: Synthesized, output: readonly Written[]): void {
    const { loaded, sessions, problems } = synthesized;
    const certain = certainFiles({ project: this.project, startedAt: this.startedAt, seen: this.seen, loaded, output });
    const files = this.outputByCohort(output, certain);
    const changed = this.changedCohorts(loaded, sessions, output);
    const packed = ({ name }: CohortDocument): Packet<KeptCohort> => packet(packedCohort(files.get(name) ?? new Map()));
    const cohorts = new Map(
      loaded.cohorts.filter(({ name }) => changed.has(name)).map((cohort) => [cohort.name, packed(cohort)] as const),
    );
    const names = loaded.cohorts.map(({ name }) => name);
    const made = new Map(Array.from(this.madeAnew, ([name, each]) => [name, packet(each)] as const));
    const whole = this.whole(names, { cohorts, made }, certain, problems, output);
    const isSame = JSON.stringify(whole) === JSON.stringify(readWhole(this.project));
    if (cohorts.size === 0 && made.size === 0 && isSame) return;
    keep(this.project, { made, cohorts, whole }, names);
  }

  /** The output of sessions that certainly is as it should be, by cohorts and folders within the project. */
  private outputByCohort(
    output: readonly Written[],
    { output: listed, uncertain }: Certain,
  ): Map<string, ReadonlyMap<string, ReadonlyMap<string, StampedFile>>> {
    const cohorts = new Map<string, Map<string, ReadonlyMap<string, StampedFile>>>();
    for (const { folder, files } of output) {
      for (const [path, ofFolder] of grouped(files.filter(isOfSession), (file) => splitPath(file.path)[0])) {
        const cohort = cohortOf(path) ?? '';
        const place = `${folder}/${path}`;
        const stamps = listed.get(place)?.stamps;
        const current = this.current.all.get(place);
        const known = ofFolder.flatMap((file): [string, StampedFile][] => {
          const [, name] = splitPath(file.path);
          const stamp = stamps?.get(name);
          if (stamp === undefined || uncertain.has(`${place}/${name}`)) return [];
          const kept = current?.get(name);
          const id = kept === undefined ? idOfOutput(file.content) : kept.id;
          return [[name, { stamp, id }]];
        });
        const folders = cohorts.get(cohort) ?? new Map<string, ReadonlyMap<string, StampedFile>>();
        cohorts.set(cohort, folders.set(place, new Map(known)));
      }
    }
    return cohorts;
  }

  /** Names of cohorts of which not all is known. */
  private changedCohorts(loaded: Documents, sessions: readonly Session[], output: readonly Written[]): Set<string> {
    const changed = new Set(sessions.map(({ cohort }) => cohort));
    const add = (path: string): void => {
      const cohort = cohortOf(path);
      if (cohort !== undefined) changed.add(cohort);
    };
    this.unknown.forEach(add);
    for (const { plan } of output) {
      for (const { path } of [...plan.created, ...plan.changed]) add(path);
      plan.removed.forEach(add);
    }
    for (const { name } of loaded.cohorts) changed.add(name);
    return changed;
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
  readonly loaded: Documents;
  readonly sessions: readonly Session[];
  readonly problems: readonly Problem[];
}

type Packets<T> = ReadonlyMap<string, Packet<T>>;
