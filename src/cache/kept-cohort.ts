import type { OutputFile } from '@dozlab/charts';
import type { KeptCohort, KeptFolder } from './store';
import { idAt, packIds } from './kept-blobs';
import type { OutputPlan } from '../synth/plan';
import { stampAt, type Stamp } from './file-stamp';

/** A file that certainly holds what was written. */
export interface StampedFile {
  /** As long as it has this stamp. */
  readonly stamp: Stamp;
  /** The id that Git has for it, if that was looked for. */
  readonly id?: string | undefined;
}

/** An output folder after it was written. */
export interface Written {
  readonly folder: string;
  /** What it holds of ours. */
  readonly files: readonly OutputFile[];
  readonly plan: OutputPlan;
}

/** Of other files nothing is kept but with the project as a whole. */
export const isOfSession = ({ isKnown }: OutputFile): boolean => isKnown !== undefined;

/** The cohort that a folder of the output, or a file in it, is of; undefined where it is of none. */
export const cohortOf = (path: string): string | undefined => /^(?:sessions|releases)\/([^/]+)/.exec(path)?.[1];

/** What is to be kept of a folder. */
export function keptFolder(files: ReadonlyMap<string, StampedFile>): KeptFolder {
  const all = Array.from(files.values());
  return {
    names: Array.from(files.keys()),
    stamps: all.flatMap(({ stamp }) => stamp),
    ids: packIds(all.map(({ id }) => id)),
  };
}

/** The files of a folder that was kept, by their names. */
export const filesOfFolder = ({ names, stamps, ids }: KeptFolder): Map<string, StampedFile> =>
  new Map(names.map((name, index) => [name, { stamp: stampAt(stamps, index), id: idAt(ids, index) }]));

/**
 * What is to be kept of a cohort.
 * @param output of its sessions, by folders within the project
 */
export const packedCohort = (output: ReadonlyMap<string, ReadonlyMap<string, StampedFile>>): KeptCohort => ({
  output: Object.fromEntries(Array.from(output, ([folder, files]) => [folder, keptFolder(files)] as const)),
});
