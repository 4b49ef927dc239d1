import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Digests } from './fingerprint';
import type { BlobIds } from './kept-blobs';
import type { Problem } from '../core/diagnostics';
import { PROGRAM_DIGEST } from './program-digest';
import { replaceFile } from '../core/replace-file';
import { foldersTo, isThere, makeFolder, refuseLink, statOf } from '../core/safe-path';
import { STEP } from './file-stamp';

/**
 * What is kept of a run for the next one, in `.dozlab/` of the project: a file for each cohort, for each thing that was made of all of them,
 * and one for the project as a whole. It may be removed at any time, is taken only from the same build of the program, and is believed only of
 * files that have not changed since.
 */

/** Of a cohort. */
export interface KeptCohort {
  /** The output of its sessions, by folders within the project. */
  readonly output: Readonly<Record<string, KeptFolder>>;
}

/** Files of a folder when they were what they should be. */
export interface KeptFolder {
  readonly names: readonly string[];
  /** One behind the other. */
  readonly stamps: readonly number[];
  /** Those that Git has. */
  readonly ids: BlobIds;
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
  /** Digests of what is kept of what was made, by name. */
  readonly made: Readonly<Record<string, string>>;
  /** What people had written. */
  readonly inputs: Digests;
  readonly output: Digests;
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
const MADE = `${FOLDER}/made`;
const WHOLE = `${FOLDER}/whole.json`;
const IGNORED = `${FOLDER}/.gitignore`;

const pathIn = (folder: string, name: string): string => `${folder}/${name}.json`;

/** What was kept of all cohorts of a project, by name. */
export function readCohorts(project: string): Map<string, Read<KeptCohort>> {
  const cohorts = new Map<string, Read<KeptCohort>>();
  for (const file of namesIn(join(project, COHORTS))) {
    const name = file.slice(0, -'.json'.length);
    const kept = file.endsWith('.json') ? readCohort(project, name) : undefined;
    if (kept !== undefined) cohorts.set(name, kept);
  }
  return cohorts;
}

export const readCohort = (project: string, name: string): Read<KeptCohort> | undefined =>
  read(project, pathIn(COHORTS, name));

/** What was made, by the name that it was remembered by. */
export const readMade = (project: string, name: string): Read<Made> | undefined => read(project, pathIn(MADE, name));

export const readWhole = (project: string): Whole | undefined => read<Whole>(project, WHOLE)?.kept;

export const digestOf = (text: string): string => createHash('sha256').update(text).digest('base64url');

/**
 * The first line of a file: which program wrote it, for whom and in which folder, and what it holds. A folder is told from all others, such as
 * a copy or one that came with the project's files, by when its first file was made, which no program can set.
 */
function headOf(project: string, digest: string): string {
  const { ino, ctimeMs } = lstatSync(join(project, IGNORED));
  return JSON.stringify([PROGRAM_DIGEST, process.version, process.getuid?.(), ino, ctimeMs, digest]);
}

function read<T>(project: string, path: string): Read<T> | undefined {
  try {
    const text = readText(project, path);
    const end = text.indexOf('\n');
    const body = text.slice(end + 1);
    const digest = digestOf(body);
    return text.slice(0, end) === headOf(project, digest) ? { digest, kept: JSON.parse(body) as T } : undefined;
  } catch {
    return undefined;
  }
}

/** Reads a file, not through a link, and not what others write to a pipe. */
function readText(project: string, path: string): string {
  for (const part of foldersTo(dirname(path))) refuseLink(project, part);
  const file = openSync(join(project, path), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    return fstatSync(file).isFile() ? readFileSync(file, 'utf8') : '';
  } finally {
    closeSync(file);
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

/** What is to be kept in place of what was kept before. */
export interface Keeping {
  /** Those that are not kept as they are, by name. */
  readonly cohorts: ReadonlyMap<string, Packet<KeptCohort>>;
  /** What is not kept as it is, by name. */
  readonly made: ReadonlyMap<string, Packet<Made>>;
  readonly whole: Whole | undefined;
}

/**
 * Keeps what is given; what is kept of cohorts that are no more goes. That it cannot be kept is no failure: the next run does the work again.
 * @param all names of all cohorts
 */
export function keep(project: string, { cohorts, made, whole }: Keeping, all: readonly string[]): void {
  try {
    for (const folder of [COHORTS, MADE]) makeFolder(project, folder);
    if (!isThere(project, IGNORED)) write(project, IGNORED, '*\n');
    for (const [name, packed] of made) write(project, pathIn(MADE, name), textOf(project, packed));
    for (const [name, packed] of cohorts) write(project, pathIn(COHORTS, name), textOf(project, packed));
    const names = new Set(all.map((name) => `${name}.json`));
    for (const name of namesIn(join(project, COHORTS)))
      if (name.endsWith('.json') && !names.has(name)) rmSync(join(project, COHORTS, name), { force: true });
    if (whole === undefined) rmSync(join(project, WHOLE), { force: true });
    else write(project, WHOLE, textOf(project, packet(whole)));
  } catch {
    // A folder that nobody may write to or that a link leads to, a full disk.
  }
}

const textOf = (project: string, { digest, body }: Packet<unknown>): string => `${headOf(project, digest)}\n${body}`;

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
