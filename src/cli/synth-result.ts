import type { Problem } from '../project/problem';
import { count, note, summary } from './print';

/** How many files. */
export interface FileCounts {
  readonly written: number;
  readonly removed: number;
  readonly unchanged: number;
}

/** Tells what `synth` has done, or would do. */
export function tellWritten(
  { written, removed, unchanged }: FileCounts,
  problems: readonly Problem[],
  dryRun: boolean,
): void {
  const [write, remove] = dryRun ? ['would write', 'remove'] : ['wrote', 'removed'];
  note(
    `${write} ${count(written, 'file')}, ${remove} ${String(removed)}, ${String(unchanged)} unchanged (${summary(problems)})`,
  );
}

/** Tells that a folder is what it should be. */
export function tellFresh(folder: string, files: number): void {
  note(`${folder}/ is fresh: ${count(files, 'file')}`);
}
