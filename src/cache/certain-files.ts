import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { OutputFile } from '@dozlab/charts';
import { splitPath } from './by-folder';
import type { Written } from './kept-cohort';
import { INPUTS, listedPath, listNow, OUTPUT, type Listing } from './fingerprint';
import { filesOf, type Documents } from '../source/document';
import { isSettled, isWrittenIn, STEP, waitForStep, type Stamp } from './file-stamp';

/** A run that has written its output. */
export interface Run {
  readonly project: string;
  /** Milliseconds before which nothing of the project was read. */
  readonly startedAt: number;
  readonly loaded: Documents;
  /** Stamps of files of the output before anything was written, by paths within the project. */
  readonly seen: ReadonlyMap<string, Stamp>;
  readonly output: readonly Written[];
}

/** What lies in a project after a run. */
export interface Certain {
  /** Whether all files hold for certain what was read or written. */
  readonly isAll: boolean;
  /** Paths of those of which it is not certain. */
  readonly uncertain: ReadonlySet<string>;
  readonly inputs: Listing;
  readonly output: Listing;
}

/** What lies in the project now, and which of its files hold for certain what was read or written. */
export function certainFiles(run: Run): Certain {
  const { project, loaded, output } = run;
  const endedAt = Date.now();
  const written = new Map<string, OutputFile>();
  for (const { folder, plan } of output)
    for (const file of [...plan.created, ...plan.changed]) written.set(`${folder}/${file.path}`, file);
  if (written.size > 0) waitForStep();
  const inputs = listNow(project, INPUTS);
  const made = listNow(project, OUTPUT);
  const now = Date.now();
  const uncertain = new Set<string>();
  let isAll = true;
  for (const [folder, { stamps, isOdd }] of [...inputs, ...made]) {
    if (isOdd) isAll = false;
    for (const [name, stamp] of stamps) {
      const path = listedPath(folder, name);
      const file = written.get(path);
      const isCertain = file === undefined ? isUntouched(run, path, stamp) : isOurs(run, path, file, endedAt);
      if (!isCertain || !isSettled(stamp, now)) uncertain.add(path);
    }
  }
  // What has gone since then is not known to be gone.
  const isThere = (folder: string, name: string): boolean =>
    inputs.get(folder)?.stamps.has(name) === true || made.get(folder)?.stamps.has(name) === true;
  const read = [
    ...filesOf(loaded).flatMap(({ path, file }) => (file === undefined ? [] : [path])),
    ...loaded.secretFiles.keys(),
  ];
  if ([...written.keys(), ...read].some((path) => !isThere(...splitPath(path)))) isAll = false;
  return { isAll: isAll && uncertain.size === 0, uncertain, inputs, output: made };
}

/** Whether a file was not changed since before it was read. Links to it may have been made since then, to replace its folder. */
function isUntouched({ project, startedAt, seen: all }: Run, path: string, stamp: Stamp): boolean {
  if (isSettled(stamp, startedAt)) return true;
  const seen = all.get(path);
  if (seen?.[0] !== stamp[0] || seen[1] !== stamp[1]) return false;
  const { mtimeMs } = lstatSync(join(project, path));
  return mtimeMs < startedAt - STEP;
}

/** Whether a file is the one that this run has written. */
const isOurs = ({ project, startedAt }: Run, path: string, { content }: OutputFile, endedAt: number): boolean =>
  isWrittenIn({ startedAt, endedAt }, lstatSync(join(project, path)), content);
