import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { OutputFile } from '../render/output-file';
import type { ChangedSession } from './changed-sessions';
import { digestWith, type FoundChanges } from './found-changes';
import { keep, packet, type KeptCohort, type KeptFile } from './kept';
import { idOfInput, idOfOutput, withIdAt } from './kept-blobs';
import type { OutputNow } from './kept-cohort';
import { digestOfFolder, listNow, NO_DIGEST, type Digests } from './listing';
import { OUTPUT_FOLDER } from './output-folders';
import { isSettled, isWrittenIn, stampOf, waitForStep, type Stamp } from './stamp';

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
  const now = new Map<string, OutputNow>();
  for (const file of written) {
    const path = `${OUTPUT_FOLDER}/${file.path}`;
    const stat = lstatSync(join(project, path));
    const stamp = stampOf(stat);
    if (!isWrittenIn({ startedAt, endedAt }, stat, file.content) || !isSettled(stamp, Date.now())) return;
    now.set(path, { stamp, id: idOfOutput(file.content) });
  }
  const changed = new Map<string, KeptCohort>();
  for (const each of sessions) {
    const name = each.resolved.cohort;
    const before = changed.get(name) ?? cohorts.get(name)?.kept;
    const after = before === undefined ? undefined : withSession(before, each);
    if (after === undefined) return;
    changed.set(name, after);
  }
  const output = Array.from(cohorts.values()).flatMap(({ kept }) => kept.output);
  const packets = new Map(Array.from(changed, ([name, cohort]) => [name, packet(withOutput(cohort, now))]));
  const digests = Object.fromEntries(Array.from(packets, ([name, { digest }]) => [name, digest]));
  const next = {
    ...whole,
    cohorts: { ...whole.cohorts, ...digests },
    inputs: { ...whole.inputs, ...digestsOfInputs(inputs, sessions) },
    output: { ...whole.output, ...digestsOfOutput(project, whole.output, output, now) },
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
    blobs: { ...cohort.blobs, sessions: withIdAt(cohort.blobs.sessions, index, idOfInput(file)) },
  };
}

function withOutput(cohort: KeptCohort, written: ReadonlyMap<string, OutputNow>): KeptCohort {
  let ids = cohort.blobs.output;
  const output = cohort.output.map((file, index): KeptFile => {
    const now = written.get(file[0]);
    if (now === undefined) return file;
    ids = withIdAt(ids, index, now.id);
    return [file[0], ...now.stamp];
  });
  return { ...cohort, output, blobs: { ...cohort.blobs, output: ids } };
}

/** What folders of sessions hold, with the files that were read in place of those that were found. */
function digestsOfInputs(inputs: FoundChanges['inputs'], sessions: readonly ChangedSession[]): Digests {
  const read = byFolder(sessions.map(({ session: { path, file } }) => [path, file?.stamp] as const));
  return Object.fromEntries(
    Array.from(read, ([folder, stamps]) => {
      const listed = inputs.get(folder);
      return [folder, listed === undefined ? NO_DIGEST : digestWith(listed, stamps)];
    }),
  );
}

/** What folders of the output hold now, if that differs only by what was written from what they held before. */
function digestsOfOutput(
  project: string,
  before: Digests,
  kept: readonly KeptFile[],
  written: ReadonlyMap<string, OutputNow>,
): Digests {
  const old = byFolder(kept.filter(([path]) => written.has(path)).map(([path, ...stamp]) => [path, stamp] as const));
  const folders = byFolder(Array.from(written, ([path, { stamp }]) => [path, stamp] as const));
  return Object.fromEntries(
    Array.from(folders.keys(), (folder) => {
      const listed = listNow(project, [folder]).get(folder);
      const isSame = listed !== undefined && digestWith(listed, old.get(folder) ?? []) === before[folder];
      return [folder, isSame ? digestOfFolder(listed) : NO_DIGEST];
    }),
  );
}

/** Stamps by folder and name. */
function byFolder(
  stamps: readonly (readonly [path: string, stamp: Stamp | undefined])[],
): Map<string, Map<string, Stamp>> {
  const folders = new Map<string, Map<string, Stamp>>();
  for (const [path, stamp] of stamps) {
    const end = path.lastIndexOf('/');
    const folder = path.slice(0, end);
    const own = folders.get(folder) ?? new Map<string, Stamp>();
    if (stamp !== undefined) own.set(path.slice(end + 1), stamp);
    folders.set(folder, own);
  }
  return folders;
}
