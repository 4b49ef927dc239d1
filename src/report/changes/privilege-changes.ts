import type { Session } from '../../model/session';
import { likeness, Once } from './normalize';
import { manifestsIn, objectText, parsed, type ManifestText } from './manifest-text';
import { placeOf, type ChangedFile } from './object-changes';
import { podOf } from './pod';
import { objectPrivileges, podPrivileges, POLICIES } from './privileges';
import { isShared, manifestsOf, type Snapshot } from './snapshot';

/** A privilege, and how many sessions get it or lose it; 0 where it is not about sessions. */
export interface PrivilegeChange {
  readonly privilege: string;
  readonly sessions: number;
}

export interface PolicyChange {
  readonly object: string;
  readonly change: 'new' | 'changed' | 'removed';
}

/** What may be done after a change that could not be done before, and the other way round. */
export interface PrivilegeChanges {
  readonly gained: readonly PrivilegeChange[];
  readonly dropped: readonly PrivilegeChange[];
  /** Policies and the like that are new, gone or others, in ways that only their text tells. */
  readonly policies: readonly PolicyChange[];
  /** What new sessions may do and no session before could. */
  readonly ofNew: readonly PrivilegeChange[];
}

export function privilegeChanges(before: Snapshot, after: Snapshot, files: readonly ChangedFile[]): PrivilegeChanges {
  const once = new Once<readonly string[] | undefined>();
  // Undefined of a session that has no pod, as it is suspended.
  const privilegesOf = (manifests: string, { id }: Session): readonly string[] | undefined =>
    once.of(likeness(manifests, id), () => {
      const pod = podOf(manifests);
      return pod === undefined ? undefined : podPrivileges(pod.spec);
    });
  const [gained, dropped, ofNew] = [new Counts(), new Counts(), new Counts()];
  let usual: ReadonlySet<string> | undefined;
  const isUsual = (privilege: string): boolean => {
    usual ??= new Set(
      Array.from(before.sessions.values()).flatMap(
        (session) => privilegesOf(manifestsOf(before, session), session) ?? [],
      ),
    );
    return usual.has(privilege);
  };
  for (const [key, is] of after.sessions) {
    const was = before.sessions.get(key);
    if (was !== undefined && isShared(before, was, after, is)) continue;
    const young = manifestsOf(after, is);
    if (was === undefined) {
      for (const privilege of privilegesOf(young, is) ?? []) if (!isUsual(privilege)) ofNew.add(privilege);
      continue;
    }
    const old = manifestsOf(before, was);
    if (old === young) continue;
    const [had, has] = [privilegesOf(old, was), privilegesOf(young, is)];
    if (had === undefined || has === undefined) continue;
    for (const privilege of has) if (!had.includes(privilege)) gained.add(privilege);
    for (const privilege of had) if (!has.includes(privilege)) dropped.add(privilege);
  }
  const objects = objectChanges(before, files);
  const admitted = imageChanges(before, after);
  return {
    gained: [...gained.list(), ...[...admitted.gained, ...objects.gained].map(ofObject)],
    dropped: [...dropped.list(), ...[...admitted.dropped, ...objects.dropped].map(ofObject)],
    policies: objects.policies.filter(({ object }) => !admitted.told.has(object)),
    ofNew: ofNew.list(),
  };
}

const ofObject = (privilege: string): PrivilegeChange => ({ privilege, sessions: 0 });

class Counts {
  private readonly counts = new Map<string, number>();

  add(privilege: string): void {
    this.counts.set(privilege, (this.counts.get(privilege) ?? 0) + 1);
  }

  list(): PrivilegeChange[] {
    return Array.from(this.counts, ([privilege, sessions]) => ({ privilege, sessions }));
  }
}

interface AdmittedImages {
  readonly gained: readonly string[];
  readonly dropped: readonly string[];
  /** The policies of which only the images are others. */
  readonly told: ReadonlySet<string>;
}

/** The images that pods may have in namespaces that stay. */
function imageChanges(before: Snapshot, after: Snapshot): AdmittedImages {
  const [gained, dropped, told] = [new Counts(), new Counts(), new Set<string>()];
  const known = new Map(before.resolved.namespaces.map((namespace) => [namespace.name, namespace]));
  for (const { name, images, settings } of after.resolved.namespaces) {
    const was = known.get(name);
    if (was === undefined || !settings.podPolicy.enabled || !was.settings.podPolicy.enabled) continue;
    for (const image of images) if (!was.images.includes(image)) gained.add(image);
    for (const image of was.images) if (!images.includes(image)) dropped.add(image);
    if (JSON.stringify(was.settings.podPolicy) === JSON.stringify(settings.podPolicy))
      told.add(`ValidatingAdmissionPolicy ${name}`);
  }
  const lines = (counts: Counts): string[] =>
    counts
      .list()
      .map(
        ({ privilege, sessions }) =>
          `pods of ${String(sessions)} ${sessions === 1 ? 'namespace' : 'namespaces'}: image ${privilege}`,
      );
  return { gained: lines(gained), dropped: lines(dropped), told };
}

interface ObjectChanges {
  readonly gained: string[];
  readonly dropped: string[];
  readonly policies: PolicyChange[];
}

/** What the objects around sessions give and take. What a new cohort has as others have it is no news, and what goes is told elsewhere. */
function objectChanges(snapshot: Snapshot, files: readonly ChangedFile[]): ObjectChanges {
  const found: ObjectChanges = { gained: [], dropped: [], policies: [] };
  const known = new Once<ReadonlySet<string>>();
  for (const { path, before, after } of files) {
    if (SESSIONS.test(path) || after === '') continue;
    const usual =
      before === '' ? known.of(placeOf(path).folder, () => usualIn(snapshot, placeOf(path).folder)) : new Set<string>();
    const isNews = (text: string): boolean => !usual.has(likeness(text, nameOf(path)));
    const [old, young] = [objectsIn(before), objectsIn(after)];
    for (const object of new Set([...old.keys(), ...young.keys()])) {
      const [was, is] = [old.get(object), young.get(object)];
      if (was?.text === is?.text) continue;
      const [had, has] = [linesOf(was), linesOf(is)];
      found.gained.push(...has.filter((line) => !had.includes(line) && isNews(line)));
      found.dropped.push(...had.filter((line) => !has.includes(line)));
      const kind = (is ?? was)?.object.kind ?? '';
      if (POLICIES.includes(kind) && isNews(object))
        found.policies.push({ object, change: was === undefined ? 'new' : is === undefined ? 'removed' : 'changed' });
    }
  }
  return found;
}

const SESSIONS = /^dist\/(sessions|releases)\//;

/** The namespace that a file is about, or the name that Flux has for its cohort. */
const nameOf = (path: string): string =>
  placeOf(path).name.replace(/^(?!lab-)/, path.startsWith('dist/flux/') ? 'lab-' : '');

const objectsIn = (content: string): ReadonlyMap<string, ManifestText> =>
  new Map(manifestsIn(content).map((manifest) => [objectText(manifest.object), manifest]));

const linesOf = (manifest: ManifestText | undefined): string[] =>
  manifest === undefined ? [] : objectPrivileges(manifest.object, parsed(manifest.text));

/** What the files of a folder give, without the names of the cohorts that they are about. */
function usualIn({ output }: Snapshot, folder: string): ReadonlySet<string> {
  const files = Array.from(output).filter(([path]) => placeOf(path).folder === folder);
  return new Set(
    files.flatMap(([path, { content }]) =>
      Array.from(objectsIn(content))
        .flatMap(([object, manifest]) => [object, ...linesOf(manifest)])
        .map((text) => likeness(text, nameOf(path))),
    ),
  );
}
