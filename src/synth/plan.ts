import type { OutputFile } from '@dozlab/charts';
import type { FolderEntries } from './folder-entries';

/** What has to be done to make an output folder what it should be. Paths are relative to it. */
export interface OutputPlan {
  readonly created: readonly OutputFile[];
  readonly changed: readonly OutputFile[];
  readonly unchanged: number;
  /** Files of ours that no longer belong. */
  readonly removed: readonly string[];
  /** Files that are not ours, which stay. */
  readonly foreign: readonly string[];
  /** The folder as it was when the plan was made. */
  readonly entries: FolderEntries;
}

/** An output folder, and what is to be done in it. */
export interface PlannedFolder {
  readonly folder: string;
  readonly plan: OutputPlan;
}

/** Whether a file is one that Flux reads as manifests, where it reads a folder. */
export const isManifest = (path: string): boolean => /\.(ya?ml|json)$/.test(path);
