import type { Problem } from '../core/diagnostics';
import type { OutputPlan } from '../synth/plan';
import { plural } from '../core/text';
import { print, printNote, problemCounts } from './output';

export interface FileCounts {
  readonly written: number;
  readonly removed: number;
  readonly unchanged: number;
}

export function tellWritten(
  { written, removed, unchanged }: FileCounts,
  problems: readonly Problem[],
  dryRun: boolean,
): void {
  const [write, remove] = dryRun ? ['would write', 'remove'] : ['wrote', 'removed'];
  printNote(
    `${write} ${plural(written, 'file')}, ${remove} ${String(removed)}, ${String(unchanged)} unchanged (${problemCounts(problems)})`,
  );
}

export function tellStale(folder: string): void {
  printNote(`${folder}/ is stale: run dozlab synth and commit the result`);
}

export function tellFresh(folder: string, files: number): void {
  printNote(`${folder}/ is fresh: ${plural(files, 'file')}`);
}

export function tellChanges(
  folder: string,
  { created, changed, removed }: Pick<OutputPlan, 'created' | 'changed' | 'removed'>,
): void {
  for (const { path } of created) print(`new      ${folder}/${path}`);
  for (const { path } of changed) print(`changed  ${folder}/${path}`);
  for (const path of removed) print(`removed  ${folder}/${path}`);
}
