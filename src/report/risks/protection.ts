import { grouped } from '../../core/group-by';
import { fluxNameOf } from '../../model/cohort';
import type { ManifestText } from '../changes/manifest-text';
import { MemoByKey, replaceName } from '../changes/normalize';
import { isOfSession, outputPlace, type OutputChange } from '../changes/output-changes';
import { NAMESPACES, usualNamespaces } from '../changes/usual-namespaces';
import type { Snapshot } from '../changes/snapshot';
import { Risks, type ProtectionRisk } from './found-risks';
import { lacking, lost, objectsIn, PLACEHOLDER, type Objects } from './lost-protection';
import { addOfSessions } from './session-protection';

/** Protection of what stays: objects that go with their namespace or session are no risk. */
export function protectionRisks(before: Snapshot, after: Snapshot, files: readonly OutputChange[]): ProtectionRisk[] {
  const risks = new Risks();
  addOfCohorts(before, after, files, risks);
  addOfSessions(before, after, risks);
  addOfOthers(after, files, risks);
  return risks.list();
}

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
