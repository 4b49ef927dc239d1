import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { OutputFile } from '@dozlab/charts';
import { FolderMap, type ByFolder } from './by-folder';
import type { ChangedSession } from './changed-sessions';
import { digestWith, type FoundChanges } from './found-changes';
import { keep, packet, type KeptCohort, type KeptFolder } from './store';
import { idOfInput, idOfOutput, withIdAt } from './kept-blobs';
import { filesOfFolder, keptFolder } from './kept-cohort';
import { digestOfFolder, listNow, NO_DIGEST, type Digests } from './fingerprint';
import type { StampedFile } from '../synth/new-file';
import { OUTPUT_FOLDER } from '../model/project';
import { isSettled, isWrittenIn, stampOf, waitForStep, type Stamp } from './file-stamp';

/**
 * Keeps sessions that have changed in place of what was kept of them. Where that is not certain, nothing is kept, and the next run looks at all.
 * @param written files of the output that were written
 */
export function keepChanged(
  project: string,
  { cohorts, inputs, whole }: FoundChanges,
  sessions: readonly ChangedSession[],
  written: readonly OutputFile[],
  startedAt: number,
): void {
  const endedAt = Date.now();
  if (written.length > 0) waitForStep();
  const now = new FolderMap<StampedFile>();
  for (const { path, content } of written) {
    const stat = lstatSync(join(project, OUTPUT_FOLDER, path));
    const stamp = stampOf(stat);
    if (!isWrittenIn({ startedAt, endedAt }, stat, content) || !isSettled(stamp, Date.now())) return;
    now.set(`${OUTPUT_FOLDER}/${path}`, { stamp, id: idOfOutput(content) });
  }
  const changed = new Map<string, KeptCohort>();
  for (const each of sessions) {
    const name = each.resolved.cohort;
    const before = changed.get(name) ?? cohorts.get(name)?.kept;
    const after = before === undefined ? undefined : withSession(before, each);
    if (after === undefined) return;
    changed.set(name, after);
  }
  const output = new Map(Array.from(cohorts.values()).flatMap(({ kept }) => Object.entries(kept.output)));
  const packets = new Map(Array.from(changed, ([name, cohort]) => [name, packet(withOutput(cohort, now.all))]));
  const digests = Object.fromEntries(Array.from(packets, ([name, { digest }]) => [name, digest]));
  const next = {
    ...whole,
    cohorts: { ...whole.cohorts, ...digests },
    inputs: { ...whole.inputs, ...digestsOfInputs(inputs, sessions) },
    output: { ...whole.output, ...digestsOfOutput(project, whole.output, output, now.all) },
  };
  const isCertain = ![...Object.values(next.inputs), ...Object.values(next.output)].includes(NO_DIGEST);
  if (isCertain) keep(project, { cohorts: packets, made: new Map(), whole: next }, Object.keys(whole.cohorts));
}

function withSession(cohort: KeptCohort, { session }: ChangedSession): KeptCohort | undefined {
  const { name, file, document } = session;
  if (file?.stamp === undefined || document === undefined) return undefined;
  const index = cohort.sessions.findIndex(([each]) => each === name);
  return {
    ...cohort,
    sessions: cohort.sessions.with(index, [name, ...file.stamp, document.spec]),
    ids: withIdAt(cohort.ids, index, idOfInput(file)),
  };
}

function withOutput(cohort: KeptCohort, written: ByFolder<StampedFile>): KeptCohort {
  const folders = Object.entries(cohort.output).map(([folder, kept]): [string, KeptFolder] => {
    const files = filesOfFolder(kept);
    const own = Array.from(written.get(folder) ?? []).filter(([name]) => files.has(name));
    return [folder, own.length === 0 ? kept : keptFolder(new Map([...files, ...own]))];
  });
  return { ...cohort, output: Object.fromEntries(folders) };
}

/** What folders of sessions hold, with the files that were read in place of those that were found. */
function digestsOfInputs(inputs: FoundChanges['inputs'], sessions: readonly ChangedSession[]): Digests {
  const read = new FolderMap<Stamp>();
  for (const { session } of sessions) if (session.file?.stamp !== undefined) read.set(session.path, session.file.stamp);
  return Object.fromEntries(
    Array.from(read.all, ([folder, stamps]) => {
      const listed = inputs.get(folder);
      return [folder, listed === undefined ? NO_DIGEST : digestWith(listed, stamps)];
    }),
  );
}

/** What folders of the output hold now, if that differs only by what was written from what they held before. */
const digestsOfOutput = (
  project: string,
  before: Digests,
  kept: ReadonlyMap<string, KeptFolder>,
  written: ByFolder<StampedFile>,
): Digests =>
  Object.fromEntries(
    Array.from(written, ([folder, files]) => {
      const listed = listNow(project, [folder]).get(folder);
      const known = kept.get(folder);
      const old = Array.from(known === undefined ? [] : filesOfFolder(known))
        .filter(([name]) => files.has(name))
        .map(([name, { stamp }]) => [name, stamp] as const);
      const isSame = listed !== undefined && digestWith(listed, old) === before[folder];
      return [folder, isSame ? digestOfFolder(listed) : NO_DIGEST];
    }),
  );
