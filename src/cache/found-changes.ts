import { readCohort, type KeptCohort, type Read, type Whole } from './store';
import { differingFolders, digestOfFolder, digestsOf, type ListedFolder, type Listing } from './fingerprint';
import { isSame, type Stamp } from './file-stamp';

/** What has changed since a project's output was as it should be: files of sessions, and nothing else. */
export interface FoundChanges {
  /** Of the files that have changed; none where nothing has. */
  readonly paths: readonly string[];
  /** What was kept of their cohorts, by name. */
  readonly cohorts: ReadonlyMap<string, Read<KeptCohort>>;
  /** What people have written, as it was found. */
  readonly inputs: Listing;
  readonly whole: Whole;
}

/** So many sessions are looked at one by one. */
const MOST_SESSIONS = 8;

/**
 * Looks for changes of what people have written, without reading a file. Undefined where there is any but to files of a few sessions.
 * @param inputs as they are now
 */
export function findChanges(project: string, whole: Whole, inputs: Listing): FoundChanges | undefined {
  const paths: string[] = [];
  const cohorts = new Map<string, Read<KeptCohort>>();
  for (const folder of differingFolders(whole.inputs, digestsOf(inputs))) {
    const [top, name = '', ...below] = folder.split('/');
    const listed = inputs.get(folder);
    const isOfCohort = top === 'sessions' && Object.hasOwn(whole.cohorts, name) && below.length === 0;
    const kept = isOfCohort && cohorts.size < MOST_SESSIONS ? readCohort(project, name) : undefined;
    if (kept === undefined || kept.digest !== whole.cohorts[name] || listed === undefined) return undefined;
    const before = new Map(kept.kept.sessions.map(([id, ...rest]) => [`${id}.yaml`, stampIn(rest)]));
    const changed = Array.from(before).filter(([file, stamp]) => {
      const now = listed.stamps.get(file);
      return now !== undefined && !isSame(now, stamp);
    });
    // With the stamps that the changed ones had, the folder is what it was.
    if (digestWith(listed, changed) !== whole.inputs[folder]) return undefined;
    cohorts.set(name, kept);
    paths.push(...changed.map(([file]) => `${folder}/${file}`));
  }
  return paths.length > MOST_SESSIONS ? undefined : { paths, cohorts, inputs, whole };
}

/** The digest that a folder would have with other stamps of some of its files. */
export const digestWith = (listed: ListedFolder, stamps: Iterable<readonly [string, Stamp]>): string =>
  digestOfFolder({ ...listed, stamps: new Map([...listed.stamps, ...stamps]) });

const stampIn = ([size, inode, changed]: readonly [...Stamp, ...unknown[]]): Stamp => [size, inode, changed];
