import { isAnythingKept, type Kept, type KeptFile, type Whole } from './kept';
import { isSame, type Stamp } from './stamp';
import { StampsAhead, type Listing } from './stamps-ahead';

/** What a project consists of: what people write, and its output. */
export const PROJECT_GROUPS: readonly (readonly string[])[] = [
  ['dozlab.yaml', 'labs', 'sessions', 'secrets', 'charts', 'schemas'],
  ['dist', 'fluxcd'],
];

/** Begins to take the stamps of a project's files, where something is known of them. */
export const stampsAhead = (project: string): StampsAhead | undefined =>
  isAnythingKept(project) ? new StampsAhead(project, PROJECT_GROUPS) : undefined;

/** What a project came to when all of it was as it is now; undefined when anything has changed since. */
export function wholeAsBefore({ project: { whole }, cohorts }: Kept, ahead: StampsAhead): Whole | undefined {
  if (whole === undefined) return undefined;
  const isKept = Object.entries(whole.cohorts).every(([name, digest]) => cohorts.get(name)?.digest === digest);
  if (!isKept || cohorts.size !== Object.keys(whole.cohorts).length) return undefined;
  const all = Array.from(cohorts);
  const sessions = (listing: Listing): boolean =>
    all.every(([name, { kept }]) =>
      kept.sessions.every(([session, , size, inode, changed]) =>
        isAt(listing, `sessions/${name}/${session}.yaml`, size, inode, changed),
      ),
    );
  const output = (listing: Listing): boolean => all.every(([, { kept }]) => kept.output.every(isThere(listing)));
  const countOf = (kind: 'sessions' | 'output'): number =>
    all.reduce((sum, [, { kept }]) => sum + kept[kind].length, 0);
  const isAsBefore = (index: number, areThere: (listing: Listing) => boolean, count: number): boolean => {
    const listing = ahead.listing(index);
    const files = whole.files[index] ?? [];
    return (
      JSON.stringify(listing.others) === JSON.stringify(whole.folders[index]) &&
      listing.stamps.size === files.length + count &&
      files.every(isThere(listing)) &&
      areThere(listing)
    );
  };
  const isUnchanged = isAsBefore(0, sessions, countOf('sessions')) && isAsBefore(1, output, countOf('output'));
  return isUnchanged ? whole : undefined;
}

const isThere =
  (listing: Listing) =>
  ([path, size, inode, changed]: KeptFile): boolean =>
    isAt(listing, path, size, inode, changed);

function isAt({ stamps }: Listing, path: string, ...stamp: Stamp): boolean {
  const now = stamps.get(path);
  return now !== undefined && isSame(now, stamp);
}
