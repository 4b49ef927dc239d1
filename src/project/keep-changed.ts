import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { OutputFile } from '../render/output-file';
import type { ChangedSession } from './changed-sessions';
import { Table } from './interned';
import { keep, packet, type Kept, type KeptCohort, type KeptFile, type KeptSession, type Whole } from './kept';
import { keptBasis } from './kept-session';
import { OUTPUT_FOLDER } from './output-folders';
import { isSettled, isWrittenIn, stampOf, waitForStep } from './stamp';

/**
 * Keeps sessions that have changed in place of what was kept of them. Where that is not certain, nothing is kept, and the next run looks at all.
 * @param written files of the output that were written
 */
export function keepChanged(
  project: string,
  kept: Kept,
  whole: Whole,
  sessions: readonly ChangedSession[],
  written: readonly OutputFile[],
  startedAt: number,
): void {
  const endedAt = Date.now();
  if (written.length > 0) waitForStep();
  const stamps = new Map<string, KeptFile>();
  for (const { path, content } of written) {
    const stat = lstatSync(join(project, OUTPUT_FOLDER, path));
    if (!isWrittenIn({ startedAt, endedAt }, stat, content) || !isSettled(stampOf(stat), Date.now())) return;
    stamps.set(`${OUTPUT_FOLDER}/${path}`, [`${OUTPUT_FOLDER}/${path}`, ...stampOf(stat)]);
  }
  const cohorts = new Map<string, KeptCohort>();
  for (const each of sessions) {
    const name = each.resolved.cohort;
    const before = cohorts.get(name) ?? kept.cohorts.get(name)?.kept;
    const after = before === undefined ? undefined : withSession(before, each);
    if (after === undefined) return;
    cohorts.set(name, { ...after, output: after.output.map((file) => stamps.get(file[0]) ?? file) });
  }
  const packets = new Map(Array.from(cohorts, ([name, cohort]) => [name, packet(cohort)]));
  const digests = Object.fromEntries(Array.from(packets, ([name, { digest }]) => [name, digest]));
  const next = { ...whole, cohorts: { ...whole.cohorts, ...digests } };
  keep(project, { ...kept.project, whole: next }, packets, Object.keys(whole.cohorts));
}

function withSession(cohort: KeptCohort, { session, resolved }: ChangedSession): KeptCohort | undefined {
  const { name, file, document } = session;
  const { basis } = resolved;
  if (file?.stamp === undefined || document === undefined || basis === undefined) return undefined;
  const table = new Table(cohort.rows);
  const packed = keptBasis(basis, table);
  const known = cohort.bases.findIndex((each) => JSON.stringify(each) === JSON.stringify(packed));
  const bases = known === -1 ? [...cohort.bases, packed] : cohort.bases;
  const place = known === -1 ? cohort.bases.length : known;
  const entry: KeptSession = [name, place, ...file.stamp, document.spec];
  return {
    ...cohort,
    rows: table.rows,
    bases,
    sessions: cohort.sessions.map((each) => (each[0] === name ? entry : each)),
  };
}
