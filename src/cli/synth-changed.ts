import { join } from 'node:path';
import { changedSessions } from '../cache/changed-sessions';
import { FolderEntries } from '../synth/folder-entries';
import type { FoundChanges } from '../cache/found-changes';
import { keepChanged } from '../cache/keep-changed';
import { isHeld, writeOutputs } from '../synth/write-output';
import { OUTPUT_FOLDER } from '../model/project';
import type { ExitCode } from './command';
import { note, problemLines } from './output';
import { tellChanges, tellFresh, tellStale, tellWritten } from './synth-result';
import { uninterrupted } from './defer-signals';

/**
 * Writes the output of sessions that have changed while nothing else has. Undefined, with nothing done, where all sessions are to be looked
 * at together.
 * @param startedAt milliseconds before which nothing was read
 */
export function synthChanged(
  project: string,
  found: FoundChanges,
  { check, dryRun, startedAt }: { readonly check: boolean; readonly dryRun: boolean; readonly startedAt: number },
): ExitCode | undefined {
  const { whole } = found;
  const sessions = changedSessions(project, found);
  if (sessions === undefined) return undefined;
  const folder = join(project, OUTPUT_FOLDER);
  const changed = sessions.flatMap(({ files }) => files).filter((file) => !isHeld(folder, file));
  for (const line of problemLines(whole.problems, process.stderr)) note(line);
  const plan = { created: [], changed, unchanged: 0, removed: [], foreign: [], entries: new FolderEntries(folder) };
  if (check || dryRun) tellChanges(OUTPUT_FOLDER, plan);
  const isStale = changed.length > 0;
  if (check) {
    if (isStale) tellStale(OUTPUT_FOLDER);
    else for (const [name, files] of Object.entries(whole.counts)) tellFresh(name, files);
    return isStale ? 1 : 0;
  }
  if (!dryRun) {
    if (isStale)
      uninterrupted(() => {
        writeOutputs([{ folder, plan }]);
      });
    keepChanged(project, found, sessions, changed, startedAt);
  }
  const total = Object.values(whole.counts).reduce((sum, files) => sum + files, 0);
  tellWritten({ written: changed.length, removed: 0, unchanged: total - changed.length }, whole.problems, dryRun);
  return 0;
}
