import { MICROVM_CAPABILITIES } from '../../api/values/capabilities';
import type { Cohort } from '../../model/cohort';
import type { Namespace } from '../../model/project';
import type { Session } from '../../model/session';
import { manifestsIn, objectText, parseManifest, type ManifestText } from './manifest-text';
import { normalize, MemoByKey } from './normalize';
import { isOfSession, outputPlace, type OutputChange } from './output-changes';
import { podOf } from './session-parts';
import { objectPrivileges, podPrivileges, POLICIES } from './privileges';
import { Reached } from './reach';
import { NAMESPACES, usualNamespaces } from './usual-namespaces';
import { haveSameManifests, manifestsOf, type Snapshot } from './snapshot';

export interface PrivilegeChange {
  readonly privilege: string;
  /** 0 if the privilege belongs to another object. */
  readonly sessions: number;
  readonly cohorts: readonly string[];
  /** An image that a namespace admits. */
  readonly isImage?: true;
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
      for (const privilege of privilegesOf(young, is) ?? []) if (!isUsual(privilege)) ofNew.add(privilege, is);
      continue;
    }
    const old = manifestsOf(before, was);
    if (old === young) continue;
    const [had, has] = [privilegesOf(old, was), privilegesOf(young, is)];
    if (had === undefined || has === undefined) continue;
    for (const privilege of has) if (!had.includes(privilege)) gained.add(privilege, is);
    for (const privilege of had) if (!has.includes(privilege)) dropped.add(privilege, is);
  }
  const objects = objectChanges(before, after, files);
  const admitted = admittedChanges(before, after);
  return {
    gained: [...gained.list(), ...admitted.gained, ...objects.gained],
    dropped: [...dropped.list(), ...admitted.dropped, ...objects.dropped],
    policies: objects.policies.filter(({ object }) => !admitted.policies.has(object)),
    ofNew: ofNew.list(),
  };
}

class Counts {
  private readonly counts = new Map<string, Reached>();

  add(privilege: string, session: Session): void {
    const reached = this.counts.get(privilege) ?? new Reached();
    this.counts.set(privilege, reached);
    reached.add(session);
  }

  list(): PrivilegeChange[] {
    return Array.from(this.counts, ([privilege, { reach }]) => ({ privilege, ...reach }));
  }
}

/** Images and capabilities that namespaces admit. */
interface Admitted {
  readonly gained: readonly PrivilegeChange[];
  readonly dropped: readonly PrivilegeChange[];
  readonly policies: ReadonlySet<string>;
}

function admittedChanges(before: Snapshot, after: Snapshot): Admitted {
  const [gained, dropped] = [new Map<string, string[]>(), new Map<string, string[]>()];
  const policies = new Set<string>();
  const add = (to: Map<string, string[]>, admitted: string, namespace: string): void => {
    to.set(admitted, [...(to.get(admitted) ?? []), namespace]);
  };
  const usual = new Set([...MICROVM_CAPABILITIES, ...before.resolved.namespaces.flatMap((each) => each.capabilities)]);
  const existing = new Map(before.resolved.namespaces.map((namespace) => [namespace.name, namespace]));
  for (const is of after.resolved.namespaces) {
    const { name, settings } = is;
    const was = existing.get(name);
    if (!settings.podPolicy.enabled || was?.settings.podPolicy.enabled === false) continue;
    if (was === undefined) {
      for (const capability of is.capabilities)
        if (!usual.has(capability)) add(gained, capabilityText(capability), name);
      continue;
    }
    const [had, has] = [admittedBy(was), admittedBy(is)];
    for (const each of has) if (!had.includes(each)) add(gained, each, name);
    for (const each of had) if (!has.includes(each)) add(dropped, each, name);
    if (JSON.stringify(was.settings.podPolicy) === JSON.stringify(settings.podPolicy))
      policies.add(`ValidatingAdmissionPolicy ${name}`);
  }
  const { cohorts } = after.resolved;
  const lines = (found: ReadonlyMap<string, readonly string[]>): PrivilegeChange[] =>
    Array.from(found, ([admitted, names]) => ({
      privilege: `pods of ${String(names.length)} ${names.length === 1 ? 'namespace' : 'namespaces'}: ${admitted}`,
      sessions: 0,
      cohorts: cohorts.filter(({ namespace }) => names.includes(namespace)).map(({ name }) => name),
      ...(admitted.startsWith(IMAGE) ? { isImage: true } : {}),
    }));
  return { gained: lines(gained), dropped: lines(dropped), policies };
}

const IMAGE = 'image ';

const capabilityText = (capability: string): string => `capability ${capability}`;

const admittedBy = ({ images, capabilities }: Namespace): string[] => [
  ...images.map((image) => `${IMAGE}${image}`),
  ...capabilities.map(capabilityText),
];

interface ObjectChanges {
  readonly gained: PrivilegeChange[];
  readonly dropped: PrivilegeChange[];
  readonly policies: PolicyChange[];
}

function objectChanges(snapshot: Snapshot, young: Snapshot, files: readonly OutputChange[]): ObjectChanges {
  const found: ObjectChanges = { gained: [], dropped: [], policies: [] };
  const usualByFolder = new MemoByKey<ReadonlySet<string>>();
  for (const { path, before, after } of files) {
    if (isOfSession(path) || after === '') continue;
    const usual =
      before === ''
        ? usualByFolder.of(outputPlace(path).folder, () => usualIn(snapshot, outputPlace(path).folder))
        : new Set<string>();
    const isNews = (text: string): boolean => !usual.has(normalize(text, nameOf(path)));
    const cohorts = cohortsAt(young, path);
    const ofObject = (privilege: string): PrivilegeChange => ({ privilege, sessions: 0, cohorts });
    const [had, has] = [objectsIn(before), objectsIn(after)];
    for (const object of new Set([...had.keys(), ...has.keys()])) {
      const [was, is] = [had.get(object), has.get(object)];
      if (was?.text === is?.text) continue;
      const [old, lines] = [linesOf(was), linesOf(is)];
      found.gained.push(...lines.filter((line) => !old.includes(line) && isNews(line)).map(ofObject));
      found.dropped.push(...old.filter((line) => !lines.includes(line)).map(ofObject));
      const kind = (is ?? was)?.object.kind ?? '';
      if (POLICIES.includes(kind) && isNews(object))
        found.policies.push({ object, change: was === undefined ? 'new' : is === undefined ? 'removed' : 'changed' });
    }
  }
  return found;
}

/** Cohorts that a file of the namespace or of Flux serves. */
function cohortsAt({ resolved }: Snapshot, path: string): string[] {
  const { folder, name } = outputPlace(path);
  const isOf = ({ name: cohort, namespace }: Cohort): boolean =>
    folder.endsWith('/namespaces') ? namespace === name : /^dist\/(flux|argocd)\//.test(folder) && cohort === name;
  return resolved.cohorts.filter(isOf).map((cohort) => cohort.name);
}

const nameOf = (path: string): string =>
  outputPlace(path).name.replace(/^(?!lab-)/, path.startsWith('dist/flux/') ? 'lab-' : '');

const objectsIn = (content: string): ReadonlyMap<string, ManifestText> =>
  new Map(manifestsIn(content).map((manifest) => [objectText(manifest.object), manifest]));

const linesOf = (manifest: ManifestText | undefined): string[] =>
  manifest === undefined ? [] : objectPrivileges(manifest.object, parseManifest(manifest.text));

/** Without the names of cohorts. */
function usualIn(snapshot: Snapshot, folder: string): ReadonlySet<string> {
  const files = NAMESPACES.startsWith(folder)
    ? usualNamespaces(snapshot).map(({ name, text }) => [name, text] as const)
    : Array.from(snapshot.output).flatMap(([path, { content }]) =>
        outputPlace(path).folder === folder ? [[nameOf(path), content] as const] : [],
      );
  return new Set(
    files.flatMap(([name, content]) =>
      Array.from(objectsIn(content))
        .flatMap(([object, manifest]) => [object, ...linesOf(manifest)])
        .map((text) => normalize(text, name)),
    ),
  );
}
