import { grouped } from '../../core/group-by';
import { fluxNameOf } from '../../model/cohort';
import type { Session } from '../../model/session';
import { manifestsIn, objectText, parseManifest, type ManifestText } from '../changes/manifest-text';
import { normalizeChange, MemoByKey, replaceName } from '../changes/normalize';
import { isOfSession, outputPlace, type OutputChange } from '../changes/output-changes';
import { haveSameManifests, manifestsOf, type Snapshot } from '../changes/snapshot';
import { Reached, type Reach } from '../changes/reach';
import { NAMESPACES, usualNamespaces } from '../changes/usual-namespaces';
import { addsTraffic } from './network-rules';
import { PROTECTIONS, weakerIn } from './weaker';

export interface ProtectionRisk {
  /** `missing`: a new namespace or session lacks what the others have. */
  readonly change: 'removed' | 'weaker' | 'missing';
  readonly kind: string;
  /** Names, or details of `weaker`. */
  readonly objects: readonly string[];
  readonly reach: Reach;
}

type Objects = ReadonlyMap<string, ManifestText>;

interface Found {
  readonly change: ProtectionRisk['change'];
  readonly kind: string;
  readonly object: string;
}

/** Protection of what stays: objects that go with their namespace or session are no risk. */
export function protectionRisks(before: Snapshot, after: Snapshot, files: readonly OutputChange[]): ProtectionRisk[] {
  const risks = new Risks();
  addOfCohorts(before, after, files, risks);
  addOfSessions(before, after, risks);
  addOfOthers(after, files, risks);
  return risks.list();
}

class Risks {
  private readonly risks = new Map<string, { found: Found; objects: Set<string>; reached: Reached }>();

  /** @returns what the risk reaches, to add to */
  of(found: Found): Reached {
    const key = `${found.change} ${found.kind}`;
    const risk = this.risks.get(key) ?? { found, objects: new Set(), reached: new Reached() };
    this.risks.set(key, risk);
    risk.objects.add(found.object);
    return risk.reached;
  }

  list(): ProtectionRisk[] {
    const ranked = Array.from(this.risks.values()).sort((one, other) => rankOf(one.found) - rankOf(other.found));
    return ranked.map(({ found: { change, kind }, objects, reached }) => ({
      change,
      kind,
      objects: Array.from(objects),
      reach: reached.reach,
    }));
  }
}

const CHANGES = ['removed', 'weaker', 'missing'];

const rankOf = ({ change, kind }: Found): number =>
  CHANGES.indexOf(change) * 100 + (PROTECTIONS.includes(kind) ? PROTECTIONS.indexOf(kind) : PROTECTIONS.length);

/** Compares the namespace of a cohort before and after, because a cohort may move to another one. */
function addOfCohorts(before: Snapshot, after: Snapshot, files: readonly OutputChange[], risks: Risks): void {
  const existing = new Map(before.resolved.cohorts.map(({ name, namespace }) => [name, namespace]));
  const changed = new Set(files.map(({ path }) => path));
  const sessions = grouped(after.resolved.sessions, ({ cohort }) => cohort);
  const objects = new MemoByKey<Objects>();
  const objectsAt = (snapshot: Snapshot, namespace: string): Objects =>
    objects.of(`${snapshot === before ? 'before' : 'after'} ${namespace}`, () => {
      const { content = '' } = snapshot.output.get(pathOf(namespace)) ?? {};
      return objectsIn(replaceName(content, namespace, PLACEHOLDER));
    });
  let usual: readonly Objects[] | undefined;
  for (const { name, namespace } of after.resolved.cohorts) {
    const was = existing.get(name);
    if (was === namespace && !changed.has(pathOf(namespace))) continue;
    const is = objectsAt(after, namespace);
    const found =
      was === undefined
        ? lacking(
            (usual ??= usualNamespaces(before).map(({ name: of, text }) =>
              objectsIn(replaceName(text, of, PLACEHOLDER)),
            )),
            is,
          )
        : lost(objectsAt(before, was), is);
    for (const each of found)
      risks
        .of({ ...each, object: replaceName(each.object, PLACEHOLDER, namespace) })
        .addCohort(name, sessions.get(name));
  }
}

const pathOf = (namespace: string): string => `${NAMESPACES}${namespace}.yaml`;

/** Cannot be the name of a namespace. */
const PLACEHOLDER = 'NAMESPACE';

const objectsIn = (content: string): Objects =>
  new Map(manifestsIn(content).map((manifest) => [objectText(manifest.object), manifest]));

function lost(before: Objects, after: Objects): Found[] {
  const changed = Array.from(before).flatMap(([object, was]): Found[] => {
    const is = after.get(object);
    const { kind } = was.object;
    if (is === undefined)
      return PROTECTIONS.includes(kind) && !isRenamed(was, before, after) ? [{ change: 'removed', kind, object }] : [];
    return weakened(was, is).map((detail) => ({ change: 'weaker', kind, object: `${object}: ${detail}` }));
  });
  return [...changed, ...added(before, after)];
}

function added(before: Objects, after: Objects): Found[] {
  const policies = (objects: Objects): (readonly [string, ManifestText])[] =>
    Array.from(objects).filter(([, { object }]) => object.kind === 'NetworkPolicy');
  const young = policies(after).filter(([object, is]) => !before.has(object) && !isRenamed(is, after, before));
  if (young.length === 0) return [];
  const old = policies(before).map(([, { text }]) => parseManifest(text));
  return young
    .filter(([, { text }]) => addsTraffic(old, parseManifest(text)))
    .map(([object]) => ({ change: 'weaker', kind: 'NetworkPolicy', object: `${object}: allows more` }));
}

/** The same object with another name, as after an upgrade of Dozlab. */
function isRenamed(was: ManifestText, before: Objects, after: Objects): boolean {
  const withoutName = ({ object, text }: ManifestText): string => replaceName(text, object.name, PLACEHOLDER);
  return Array.from(after).some(
    ([object, is]) => !before.has(object) && is.object.kind === was.object.kind && withoutName(is) === withoutName(was),
  );
}

function weakened(was: ManifestText, is: ManifestText): string[] {
  if (was.text === is.text) return [];
  const [old, young] = [parseManifest(was.text), parseManifest(is.text)];
  return old === undefined || young === undefined ? [] : weakerIn(old, young);
}

/** Limits of a new namespace are its own. */
const COMPARED = ['Namespace', 'NetworkPolicy', 'ValidatingAdmissionPolicyBinding'];

/** What all others have, and what is stricter in all others. */
function lacking(usual: readonly Objects[], is: Objects): Found[] {
  const [first = new Map<string, ManifestText>(), ...others] = usual;
  return Array.from(first).flatMap(
    ([
      object,
      {
        object: { kind },
      },
    ]): Found[] => {
      if (!others.every((each) => each.has(object))) return [];
      const own = is.get(object);
      if (own === undefined) return PROTECTIONS.includes(kind) ? [{ change: 'missing', kind, object }] : [];
      if (!COMPARED.includes(kind)) return [];
      const details = usual.map((each) => weakened(each.get(object) ?? own, own));
      return details.every((each) => each.length > 0)
        ? (details[0] ?? []).map((detail) => ({ change: 'weaker', kind, object: `${object}: ${detail}` }))
        : [];
    },
  );
}

/** Objects beside the pod, such as the NetworkPolicy of a session. */
function addOfSessions(before: Snapshot, after: Snapshot, risks: Risks): void {
  const once = new MemoByKey<readonly Found[]>();
  let hasPolicy: boolean | undefined;
  const isUsual = (): boolean =>
    (hasPolicy ??= Array.from(before.sessions.values()).every(({ values }) => values.networkPolicy.enabled));
  let hasClass: boolean | undefined;
  const isSandboxed = (): boolean =>
    (hasClass ??=
      before.sessions.size > 0 &&
      Array.from(before.sessions.values()).every(({ values }) => values.runtimeClassName !== undefined));
  for (const [key, is] of after.sessions) {
    const was = before.sessions.get(key);
    if (was === undefined) {
      if (!is.values.networkPolicy.enabled && isUsual())
        risks.of({ change: 'missing', kind: 'NetworkPolicy', object: policyOf(is) }).add(is);
      if (is.values.runtimeClassName === undefined && isSandboxed())
        risks.of({ change: 'missing', kind: 'RuntimeClass', object: 'RuntimeClass of sessions' }).add(is);
      continue;
    }
    if (was === is || haveSameManifests(before, after, is)) continue;
    const [old, young] = [manifestsOf(before, was), manifestsOf(after, is)].map((text, index) =>
      replaceName(text, (index === 0 ? was : is).namespace, PLACEHOLDER),
    ) as [string, string];
    if (old === young) continue;
    const found = once.of(normalizeChange(old, young, is), () =>
      lost(objectsIn(replaceName(old, is.id, ID)), objectsIn(replaceName(young, is.id, ID))),
    );
    for (const { change, kind, object } of found) {
      const detail = object.split(': ').slice(1).join(': ').replaceAll(ID, '{id}');
      const name = kind === 'NetworkPolicy' ? policyOf(is) : `${kind} of sessions`;
      risks.of({ change, kind, object: detail === '' ? name : `${name}: ${detail}` }).add(is);
    }
  }
}

/** No part of another word. */
const ID = 'SESSION-ID';

const policyOf = ({ id, namespace }: Session): string => `NetworkPolicy ${namespace}/lab-session-${id}`;

/** The system, the exec backend, the nodes and Flux; an object that goes with its namespace is no risk. */
function addOfOthers(after: Snapshot, files: readonly OutputChange[], risks: Risks): void {
  const others = files.filter(({ path }) => !path.startsWith(NAMESPACES) && !isOfSession(path));
  const young = new Map(others.flatMap(({ after: text }) => Array.from(objectsIn(text))));
  const cohorts = new Map(after.resolved.cohorts.map((cohort) => [fluxNameOf(cohort), cohort.name]));
  for (const { path, before: text, after: rest } of others) {
    const isThere = ({ object: { namespace } }: ManifestText): boolean =>
      namespace === undefined ? rest !== '' : hasNamespace(after, namespace);
    const old = Array.from(objectsIn(text)).filter(([object, was]) => young.has(object) || isThere(was));
    for (const found of lost(new Map(old), young)) {
      const reached = risks.of(found);
      const cohort = cohorts.get(`lab-${outputPlace(path).name}`);
      if (cohort !== undefined && /^dist\/(flux|argocd)\//.test(path))
        reached.addCohort(
          cohort,
          after.resolved.sessions.filter((session) => session.cohort === cohort),
        );
    }
  }
}

const hasNamespace = ({ output }: Snapshot, namespace: string): boolean =>
  Array.from(output).some(
    ([path, { content }]) =>
      !isOfSession(path) && content.includes(`kind: Namespace\nmetadata:\n  name: ${namespace}\n`),
  );
