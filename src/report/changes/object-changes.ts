import { manifestsIn, objectText, type ManifestText, type ObjectName } from './manifest-text';
import { isSameText, type Snapshot } from './snapshot';

/** A file of the output that a change makes, changes or removes. */
export interface ChangedFile {
  /** Path within the project. */
  readonly path: string;
  /** Empty when it was not there. */
  readonly before: string;
  /** Empty when it is gone. */
  readonly after: string;
}

/** The folder of a file, and what it is called there. */
export function placeOf(path: string): { readonly folder: string; readonly name: string } {
  const end = path.lastIndexOf('/');
  return { folder: path.slice(0, end), name: path.slice(end + 1, -'.yaml'.length) };
}

/** Folders of which nothing is applied as it is: the chart, which releases are made of. */
const CHARTS = 'dist/charts/';

/** The files of what Flux applies that differ. */
export function changedFiles(before: Snapshot, after: Snapshot): ChangedFile[] {
  const added = Array.from(after.output.keys()).filter((path) => !before.output.has(path));
  return [...before.output.keys(), ...added]
    .filter((path) => path.endsWith('.yaml') && !path.startsWith(CHARTS))
    .flatMap((path) => {
      const [was, is] = [before.output.get(path), after.output.get(path)];
      return isSameText(was, is) ? [] : [{ path, before: was?.content ?? '', after: is?.content ?? '' }];
    })
    .sort((one, other) => (one.path < other.path ? -1 : 1));
}

/** An object that is there before a change, and not after it. */
export interface PrunedObject extends ObjectName {
  /** Whether it stays in the cluster all the same, as Flux or Helm is told to leave it. */
  readonly stays: boolean;
}

const KEPT = /^ {4}"?(kustomize\.toolkit\.fluxcd\.io\/prune"?: disabled|helm\.sh\/resource-policy"?: keep)$/m;

/** The objects that Flux removes (Flux, "Kustomization", prune), or Helm with a release. */
export function prunedObjects(files: readonly ChangedFile[]): PrunedObject[] {
  const there = new Set(files.flatMap(({ after }) => manifestsIn(after).map(({ object }) => objectText(object))));
  const gone = files
    .flatMap(({ before }) => manifestsIn(before))
    .filter(({ object }) => !there.has(objectText(object)));
  const unique = new Map(gone.map((manifest): [string, ManifestText] => [objectText(manifest.object), manifest]));
  return Array.from(unique.values(), ({ object, text }) => ({ ...object, stays: KEPT.test(text) }));
}
