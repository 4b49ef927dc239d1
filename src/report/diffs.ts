import { likeness, likenessOfChange, Once } from './alike';
import { manifestDiff, type ObjectDiff } from './manifest-diff';
import { objectText } from './manifest-text';
import type { ChangedFile, PrunedObject } from './object-changes';
import { manifestsOf, manifestsPath, type Snapshot } from './snapshot';

/** What changes in a file of the output, and in all others in which the same changes but for the session's name. */
export interface FileDiff {
  /** Paths within the project: the first is the one whose text is shown. */
  readonly paths: readonly string[];
  readonly change: 'new' | 'changed';
  readonly objects: readonly ObjectDiff[];
}

/**
 * The manifests that change, without noise: what is removed is told elsewhere, new sessions that are like others are shown once, and of
 * releases only what they are shown by, their manifests.
 */
export function fileDiffs(
  before: Snapshot,
  after: Snapshot,
  files: readonly ChangedFile[],
  pruned: readonly PrunedObject[],
): FileDiff[] {
  const ids = new Map(Array.from(after.sessions.values(), (session) => [manifestsPath(session), session.id]));
  const known = new Set(
    Array.from(before.sessions.values(), (session) => likeness(manifestsOf(before, session), session.id)),
  );
  const isGone = new Set(pruned.map(objectText));
  const shown = new Set(files.map(({ path }) => path));
  const diffs = new Once<MutableDiff>();
  const found = new Set<MutableDiff>();
  for (const file of files) {
    const manifests = file.path.replace(RELEASES, 'dist/sessions/');
    const id = ids.get(manifests);
    const isTold = file.path.endsWith('.secret.yaml') || (manifests !== file.path && shown.has(manifests));
    if (file.after === '' || isTold) continue;
    if (id !== undefined && file.before === '' && known.has(likeness(file.after, id))) continue;
    const key = id === undefined ? file.path : likenessOfChange(file.before, file.after, id);
    const diff = diffs.of(key, () => diffOf(file, isGone));
    if (diff.objects.length === 0) continue;
    diff.paths.push(file.path);
    found.add(diff);
  }
  // What concerns many comes first; new sessions are the longest and tell least.
  const rank = ({ paths, change }: FileDiff): number => (change === 'new' ? 2 : 0) + (ids.has(paths[0] ?? '') ? 1 : 0);
  return Array.from(found).sort((one, other) => rank(one) - rank(other));
}

type MutableDiff = FileDiff & { readonly paths: string[] };

const RELEASES = /^dist\/releases\//;

const diffOf = ({ before, after }: ChangedFile, isGone: ReadonlySet<string>): MutableDiff => ({
  paths: [],
  change: before === '' ? 'new' : 'changed',
  objects: manifestDiff(before, after).filter(({ object }) => !isGone.has(object)),
});
