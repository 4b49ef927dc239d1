import type { ResolvedSession } from '../project/resolved';
import { likeness, Once } from './alike';
import { manifestsIn, objectText, parsed, type ManifestText } from './manifest-text';
import type { ChangedFile } from './object-changes';
import { podOf } from './pod';
import { objectPrivileges, podPrivileges } from './privileges';
import { manifestsOf, type Snapshot } from './snapshot';

/** A privilege, and how many sessions get it or lose it; 0 where it is not about sessions. */
export interface PrivilegeChange {
  readonly privilege: string;
  readonly sessions: number;
}

/** What may be done after a change that could not be done before, and the other way round. */
export interface PrivilegeChanges {
  readonly gained: readonly PrivilegeChange[];
  readonly dropped: readonly PrivilegeChange[];
  /** Policies and the like that are others, in ways that only their text tells. */
  readonly changed: readonly string[];
  /** What new sessions may do and no session before could. */
  readonly ofNew: readonly PrivilegeChange[];
}

export function privilegeChanges(before: Snapshot, after: Snapshot, files: readonly ChangedFile[]): PrivilegeChanges {
  const once = new Once<readonly string[] | undefined>();
  // Undefined of a session that has no pod, as it is suspended.
  const privilegesOf = (manifests: string, { id }: ResolvedSession): readonly string[] | undefined =>
    once.of(likeness(manifests, id), () => {
      const pod = podOf(manifests);
      return pod === undefined ? undefined : podPrivileges(pod.spec);
    });
  const [gained, dropped, ofNew] = [new Counts(), new Counts(), new Counts()];
  const usual = new Set(
    Array.from(before.sessions.values()).flatMap(
      (session) => privilegesOf(manifestsOf(before, session), session) ?? [],
    ),
  );
  for (const [key, is] of after.sessions) {
    const was = before.sessions.get(key);
    const young = manifestsOf(after, is);
    if (was === undefined) {
      for (const privilege of privilegesOf(young, is) ?? []) if (!usual.has(privilege)) ofNew.add(privilege);
      continue;
    }
    const old = manifestsOf(before, was);
    if (old === young) continue;
    const [had, has] = [privilegesOf(old, was), privilegesOf(young, is)];
    if (had === undefined || has === undefined) continue;
    for (const privilege of has) if (!had.includes(privilege)) gained.add(privilege);
    for (const privilege of had) if (!has.includes(privilege)) dropped.add(privilege);
  }
  const objects = objectChanges(files);
  return {
    gained: [...gained.list(), ...objects.gained.map(ofObject)],
    dropped: [...dropped.list(), ...objects.dropped.map(ofObject)],
    changed: objects.changed,
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

interface ObjectChanges {
  readonly gained: string[];
  readonly dropped: string[];
  readonly changed: string[];
}

/** What the objects around sessions give and take. */
function objectChanges(files: readonly ChangedFile[]): ObjectChanges {
  const found: ObjectChanges = { gained: [], dropped: [], changed: [] };
  for (const { path, before, after } of files) {
    if (path.startsWith('dist/sessions/') || path.startsWith('dist/releases/')) continue;
    const [old, young] = [before, after].map(
      (content) => new Map(manifestsIn(content).map((manifest) => [objectText(manifest.object), manifest])),
    ) as [Map<string, ManifestText>, Map<string, ManifestText>];
    for (const object of new Set([...old.keys(), ...young.keys()])) {
      const [was, is] = [old.get(object), young.get(object)];
      if (was?.text === is?.text) continue;
      const [had, has] = [was, is].map((each) =>
        each === undefined ? [] : objectPrivileges(each.object, parsed(each.text)),
      ) as [string[], string[]];
      found.gained.push(...has.filter((privilege) => !had.includes(privilege)));
      found.dropped.push(...had.filter((privilege) => !has.includes(privilege)));
      if (had.includes(object) && has.includes(object)) found.changed.push(object);
    }
  }
  return found;
}
