import type { Session } from '../../model/session';
import { manifestsIn, objectText, parseManifest, type ManifestText } from './manifest-text';
import { normalize, MemoByKey } from './normalize';
import { outputPlace, type OutputChange } from './output-changes';
import { podOf } from './session-parts';
import { objectPrivileges, podPrivileges, POLICIES } from './privileges';
import { haveSameManifests, manifestsOf, type Snapshot } from './snapshot';

export interface PrivilegeChange {
  readonly privilege: string;
  /** 0 if the privilege belongs to another object. */
  readonly sessions: number;
}

export interface PolicyChange {
  readonly object: string;
  readonly change: 'new' | 'changed' | 'removed';
}

export interface PrivilegeChanges {
  readonly gained: readonly PrivilegeChange[];
  readonly dropped: readonly PrivilegeChange[];
  /** Policies and similar objects, whose effect only their text shows. */
  readonly policies: readonly PolicyChange[];
  readonly ofNew: readonly PrivilegeChange[];
}

export function privilegeChanges(before: Snapshot, after: Snapshot, files: readonly OutputChange[]): PrivilegeChanges {
  const once = new MemoByKey<readonly string[] | undefined>();
  // Undefined for a suspended session, which has no pod.
  const privilegesOf = (manifests: string, { id }: Session): readonly string[] | undefined =>
    once.of(normalize(manifests, id), () => {
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
    if (was !== undefined && haveSameManifests(before, after, is)) continue;
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
  const admitted = admittedImages(before, after);
  return {
    gained: [...gained.list(), ...[...admitted.gained, ...objects.gained].map(ofObject)],
    dropped: [...dropped.list(), ...[...admitted.dropped, ...objects.dropped].map(ofObject)],
    policies: objects.policies.filter(({ object }) => !admitted.policies.has(object)),
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
  readonly policies: ReadonlySet<string>;
}

function admittedImages(before: Snapshot, after: Snapshot): AdmittedImages {
  const [gained, dropped, policies] = [new Counts(), new Counts(), new Set<string>()];
  const existing = new Map(before.resolved.namespaces.map((namespace) => [namespace.name, namespace]));
  for (const { name, images, settings } of after.resolved.namespaces) {
    const was = existing.get(name);
    if (was === undefined || !settings.podPolicy.enabled || !was.settings.podPolicy.enabled) continue;
    for (const image of images) if (!was.images.includes(image)) gained.add(image);
    for (const image of was.images) if (!images.includes(image)) dropped.add(image);
    if (JSON.stringify(was.settings.podPolicy) === JSON.stringify(settings.podPolicy))
      policies.add(`ValidatingAdmissionPolicy ${name}`);
  }
  const lines = (counts: Counts): string[] =>
    counts
      .list()
      .map(
        ({ privilege, sessions }) =>
          `pods of ${String(sessions)} ${sessions === 1 ? 'namespace' : 'namespaces'}: image ${privilege}`,
      );
  return { gained: lines(gained), dropped: lines(dropped), policies };
}

interface ObjectChanges {
  readonly gained: string[];
  readonly dropped: string[];
  readonly policies: PolicyChange[];
}

function objectChanges(snapshot: Snapshot, files: readonly OutputChange[]): ObjectChanges {
  const found: ObjectChanges = { gained: [], dropped: [], policies: [] };
  const usualByFolder = new MemoByKey<ReadonlySet<string>>();
  for (const { path, before, after } of files) {
    if (SESSIONS.test(path) || after === '') continue;
    const usual =
      before === ''
        ? usualByFolder.of(outputPlace(path).folder, () => usualIn(snapshot, outputPlace(path).folder))
        : new Set<string>();
    const isNews = (text: string): boolean => !usual.has(normalize(text, nameOf(path)));
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

const nameOf = (path: string): string =>
  outputPlace(path).name.replace(/^(?!lab-)/, path.startsWith('dist/flux/') ? 'lab-' : '');

const objectsIn = (content: string): ReadonlyMap<string, ManifestText> =>
  new Map(manifestsIn(content).map((manifest) => [objectText(manifest.object), manifest]));

const linesOf = (manifest: ManifestText | undefined): string[] =>
  manifest === undefined ? [] : objectPrivileges(manifest.object, parseManifest(manifest.text));

/** Without the names of cohorts. */
function usualIn({ output }: Snapshot, folder: string): ReadonlySet<string> {
  const files = Array.from(output).filter(([path]) => outputPlace(path).folder === folder);
  return new Set(
    files.flatMap(([path, { content }]) =>
      Array.from(objectsIn(content))
        .flatMap(([object, manifest]) => [object, ...linesOf(manifest)])
        .map((text) => normalize(text, nameOf(path))),
    ),
  );
}
