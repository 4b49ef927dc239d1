import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Packed } from './interned';
import type { Problem } from './problem';
import { PROGRAM_DIGEST } from './program-digest';
import { replaceFile } from './replace-file';
import { isThere, makeFolder, refuseLink, statOf } from './safe-path';
import { STEP, type Stamp } from './stamp';

/**
 * What is kept of a run for the next one, in `.dozlab/` of the project: a file for each cohort, and one for all else. It may be removed at any
 * time, is taken only as a whole and from the same build of the program, and is believed only of files that have not changed since.
 */

/** Of a cohort. */
export interface KeptCohort {
  readonly rows: readonly unknown[];
  readonly bases: readonly KeptBasis[];
  readonly sessions: readonly KeptSession[];
  /** The output of its sessions, by paths within the project. */
  readonly output: readonly KeptFile[];
}

export type KeptBasis = readonly [sources: number, given: Packed, values: Packed, problems: number];
export type KeptSession = readonly [name: string, basis: number, ...stamp: Stamp, spec: object];
export type KeptFile = readonly [path: string, ...stamp: Stamp];

/** Of the whole project. */
export interface KeptProject {
  readonly made: Readonly<Record<string, Made>>;
  readonly whole?: Whole;
}

export interface Made {
  /** Digest of what it is made of. */
  readonly of: string;
  readonly made: unknown;
}

/** A project of which all output was as it should be. */
export interface Whole {
  /** Digests of what is kept of cohorts. */
  readonly cohorts: Readonly<Record<string, string>>;
  /** Files beside those that are kept with cohorts, of each group of `PROJECT_GROUPS`. */
  readonly files: readonly (readonly KeptFile[])[];
  /** Of each group. */
  readonly folders: readonly (readonly string[])[];
  /** What there is to say. */
  readonly problems: readonly Problem[];
  /** Number of files in each output folder. */
  readonly counts: Readonly<Record<string, number>>;
}

export interface Read<T> {
  readonly digest: string;
  readonly kept: T;
}

/** Below the project. Git ignores it, as it says itself. */
const FOLDER = '.dozlab';
const COHORTS = `${FOLDER}/cohorts`;
const PROJECT = `${FOLDER}/project.json`;
const IGNORED = `${FOLDER}/.gitignore`;

const cohortPath = (name: string): string => `${COHORTS}/${name}.json`;

/** What was kept of a project. */
export interface Kept {
  readonly project: KeptProject;
  /** By name. */
  readonly cohorts: ReadonlyMap<string, Read<KeptCohort>>;
}

/** @param only names of cohorts that are asked for; all when it is not given */
export function readKept(project: string, only?: ReadonlySet<string>): Kept {
  const cohorts = new Map<string, Read<KeptCohort>>();
  for (const file of namesIn(join(project, COHORTS))) {
    const name = file.slice(0, -'.json'.length);
    const isAskedFor = file.endsWith('.json') && only?.has(name) !== false;
    const kept = isAskedFor ? read<KeptCohort>(project, cohortPath(name)) : undefined;
    if (kept !== undefined) cohorts.set(name, kept);
  }
  return { project: read<KeptProject>(project, PROJECT)?.kept ?? { made: {} }, cohorts };
}

/** Whether anything was kept, as far as can be told without reading it. */
export const isAnythingKept = (project: string): boolean => namesIn(join(project, COHORTS)).length > 0;

export const digestOf = (text: string): string => createHash('sha256').update(text).digest('base64url');

/** The first line of a file: which program wrote it, and what it holds. */
const headOf = (digest: string): string => JSON.stringify([PROGRAM_DIGEST, process.version, digest]);

function read<T>(project: string, path: string): Read<T> | undefined {
  try {
    const text = readFileSync(join(project, path), 'utf8');
    const end = text.indexOf('\n');
    const body = text.slice(end + 1);
    const digest = digestOf(body);
    return text.slice(0, end) === headOf(digest) ? { digest, kept: JSON.parse(body) as T } : undefined;
  } catch {
    return undefined;
  }
}

/** What is to be kept, as it is written. */
export interface Packet<T> extends Read<T> {
  readonly body: string;
}

export function packet<T>(kept: T): Packet<T> {
  const body = JSON.stringify(kept);
  return { kept, body, digest: digestOf(body) };
}

/**
 * Keeps what is given; what is kept of cohorts that are no more goes. That it cannot be kept is no failure: the next run does the work again.
 * @param cohorts those that are not kept as they are, by name
 * @param all names of all cohorts
 */
export function keep(
  project: string,
  kept: KeptProject,
  cohorts: ReadonlyMap<string, Packet<KeptCohort>>,
  all: readonly string[],
): void {
  try {
    makeFolder(project, COHORTS);
    if (!isThere(project, IGNORED)) write(project, IGNORED, '*\n');
    for (const [name, cohort] of cohorts) write(project, cohortPath(name), textOf(cohort));
    const names = new Set(all.map((name) => `${name}.json`));
    for (const name of namesIn(join(project, COHORTS)))
      if (name.endsWith('.json') && !names.has(name)) rmSync(join(project, COHORTS, name), { force: true });
    write(project, PROJECT, textOf(packet(kept)));
  } catch {
    // A folder that nobody may write to or that a link leads to, a full disk.
  }
}

const textOf = ({ digest, body }: Packet<unknown>): string => `${headOf(digest)}\n${body}`;

/** Stamps are compared with our clock, which is to be that of the disk: otherwise nothing is kept. */
function write(project: string, path: string, text: string): void {
  const place = join(project, path);
  refuseLink(project, path);
  const before = Date.now();
  replaceFile(place, text);
  const changed = statOf(place)?.ctimeMs ?? 0;
  if (changed < before - STEP || changed > Date.now() + STEP) rmSync(place, { force: true });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
