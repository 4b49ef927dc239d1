import { readKept, type KeptFile } from './kept';
import { listNow, type Listing } from './listing';
import { isSame, type Stamp } from './stamp';

/** What a project consists of: what people write, and its output. */
export const PROJECT_GROUPS: readonly (readonly string[])[] = [
  ['dozlab.yaml', 'labs', 'sessions', 'secrets', 'charts', 'schemas'],
  ['dist', 'fluxcd'],
];

/**
 * What has changed since a project's output was as it should be: nothing; these files of sessions, and nothing else; or `other`, whatever it
 * is.
 */
export type FoundChanges = 'other' | readonly string[];

/** So many sessions are looked at one by one. */
const MOST_SESSIONS = 8;

/** Looks for changes. Every file is asked for its stamp, and none is read. */
export function findChanges(project: string): FoundChanges {
  const {
    project: { whole },
    cohorts,
  } = readKept(project);
  if (whole === undefined || cohorts.size !== Object.keys(whole.cohorts).length) return 'other';
  const all = Object.entries(whole.cohorts).map(([name, digest]) => ({ name, digest, read: cohorts.get(name) }));
  if (all.some(({ digest, read }) => read?.digest !== digest)) return 'other';
  const listings = PROJECT_GROUPS.map((group) => listNow(project, group));
  const counts = [0, 0].map((_, index) => (whole.files[index] ?? []).length);
  const [inputs, output] = listings as [Listing, Listing];
  const changed: string[] = [];
  for (const { name, read } of all) {
    for (const [session, , size, inode, changedAt] of read?.kept.sessions ?? []) {
      const path = `sessions/${name}/${session}.yaml`;
      if (!isAt(inputs, path, size, inode, changedAt)) changed.push(path);
    }
    if (!(read?.kept.output ?? []).every(isThere(output))) return 'other';
    counts[0] = (counts[0] ?? 0) + (read?.kept.sessions.length ?? 0);
    counts[1] = (counts[1] ?? 0) + (read?.kept.output.length ?? 0);
  }
  const isOther =
    changed.length > MOST_SESSIONS ||
    changed.some((path) => !inputs.stamps.has(path)) ||
    listings.some(
      (listing, index) =>
        JSON.stringify(listing.others) !== JSON.stringify(whole.folders[index]) ||
        listing.stamps.size !== counts[index] ||
        !(whole.files[index] ?? []).every(isThere(listing)),
    );
  return isOther ? 'other' : changed;
}

const isThere =
  (listing: Listing) =>
  ([path, size, inode, changed]: KeptFile): boolean =>
    isAt(listing, path, size, inode, changed);

function isAt({ stamps }: Listing, path: string, ...stamp: Stamp): boolean {
  const now = stamps.get(path);
  return now !== undefined && isSame(now, stamp);
}
