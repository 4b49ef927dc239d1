import type { Session } from '../../model/session';
import { likenessOfChange, Once, withoutEnd } from './normalize';
import { Counterparts, type Counterpart } from './counterpart';
import { manifestDiff, type ObjectDiff } from './manifest-diff';
import { objectText } from './manifest-text';
import { placeOf, type ChangedFile, type PrunedObject } from './object-changes';
import { manifestsPath, type Snapshot } from './snapshot';

/** What changes in a file of the output, and in all others in which the same changes but for the session's name. */
export interface FileDiff {
  /** Paths within the project: the first is the one whose text is shown. */
  readonly paths: readonly string[];
  readonly isNew: boolean;
  /** Of a new file: the one that it is like, but for what is shown. All of it is shown where this is absent. */
  readonly like?: string;
  readonly objects: readonly ObjectDiff[];
}

/**
 * The manifests that change, without noise: what is removed is told elsewhere, of what is new only what is not as in others of its kind, and
 * of releases only the manifests that they bring.
 */
export function fileDiffs(
  before: Snapshot,
  after: Snapshot,
  files: readonly ChangedFile[],
  pruned: readonly PrunedObject[],
): FileDiff[] {
  if (files.length === 0) return [];
  const sessions = new Map(Array.from(after.sessions.values(), (session) => [manifestsPath(session), session]));
  const counterparts = new Counterparts(before);
  const isGone = new Set(pruned.map(objectText));
  const shown = new Set(files.map(({ path }) => path));
  const diffs = new Once<MutableDiff>();
  const found = new Set<MutableDiff>();
  for (const file of files) {
    const manifests = file.path.replace(RELEASES, 'dist/sessions/');
    const session = sessions.get(manifests);
    const isTold = file.path.endsWith('.secret.yaml') || (manifests !== file.path && shown.has(manifests));
    if (file.after === '' || isTold) continue;
    const isNew = file.before === '';
    const counterpart = isNew ? counterpartOf(file, session, counterparts) : undefined;
    const [old, young] = [counterpart?.text ?? file.before, file.after].map((text) =>
      isNew && session !== undefined ? withoutEnd(text) : text,
    ) as [string, string];
    if (old === young) continue;
    const key = likenessOfChange(old, young, session ?? aboutOf(file.path));
    const diff = diffs.of(key, () =>
      diffOf({ path: file.path, before: old, after: young }, isGone, counterpart, isNew),
    );
    if (diff.objects.length === 0) continue;
    diff.paths.push(file.path);
    found.add(diff);
  }
  // What concerns many comes first; new sessions tell least.
  const rank = ({ paths, isNew }: FileDiff): number => (isNew ? 2 : 0) + (sessions.has(paths[0] ?? '') ? 1 : 0);
  return Array.from(found).sort((one, other) => rank(one) - rank(other));
}

/** What a file that is no session's is about: a namespace, or a cohort. */
const aboutOf = (path: string): { readonly id: string; readonly namespace: string } => {
  const { name } = placeOf(path);
  return { id: `lab-${name}`, namespace: path.startsWith('dist/infra/namespaces/') ? name : `lab-${name}` };
};

const counterpartOf = (
  file: ChangedFile,
  session: Session | undefined,
  counterparts: Counterparts,
): Counterpart | undefined =>
  session === undefined || file.path.startsWith('dist/releases/')
    ? counterparts.ofFile(file)
    : counterparts.ofSession(session, file.after);

type MutableDiff = FileDiff & { readonly paths: string[] };

const RELEASES = /^dist\/releases\//;

const diffOf = (
  { before, after }: ChangedFile,
  isGone: ReadonlySet<string>,
  counterpart: Counterpart | undefined,
  isNew: boolean,
): MutableDiff => ({
  paths: [],
  isNew,
  ...(counterpart === undefined ? {} : { like: counterpart.path }),
  objects: manifestDiff(before, after).filter(({ object }) => !isGone.has(object)),
});
