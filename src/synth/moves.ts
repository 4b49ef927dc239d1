import { PRUNE_ANNOTATION } from '../core/consumers/metadata';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { at, type Path } from '@dozlab/charts/schema';
import { problemIn, type Problem } from '../core/diagnostics';
import { grouped } from '../core/group-by';
import type { OutputPlan } from './plan';

/**
 * A session that changes its cohort but not its namespace keeps its objects, and two Kustomizations of Flux have them:
 * the old one deletes what the new one has not taken yet, and Flux does not order them. With the annotation, the old
 * one deletes nothing (Flux, "Kustomization", prune).
 */
export function moveProblems({ folder, files, created, removed }: OutputPlan): Problem[] {
  const gone = grouped(removed.flatMap(sessionAt), ({ id }) => id);
  if (gone.size === 0) return [];
  const [removedPaths, createdPaths] = [new Set(removed), new Set(created.map(({ path }) => path))];
  const all = new Set([...removed, ...files.map(({ path }) => path)]);
  const read = (path: string): readonly unknown[] => objectsIn(readFileSync(join(folder, path), 'utf8'));
  /** An Application that goes without a finalizer deletes nothing, and that of the other cohort takes the objects. */
  const isReleased = (application: string, to: string): boolean =>
    removedPaths.has(application) &&
    all.has(`argocd/cohorts/${to}.yaml`) &&
    read(application).every((object) => at(object, ['metadata', 'finalizers']) === undefined);
  return created.flatMap((file) => {
    const [session] = sessionAt(file.path);
    const candidates = session === undefined ? [] : (gone.get(session.id) ?? []);
    if (session === undefined || candidates.length === 0) return [];
    const { id, cohort: to } = session;
    const namespace = namespaceOf(objectsIn(file.content));
    const from = candidates.find(
      ({ cohort }) => namespaceOf(read(pathOf('sessions', cohort, id))) === namespace,
    )?.cohort;
    if (from === undefined) return [];
    if (isReleased(`argocd/cohorts/${from}.yaml`, to)) return [];
    const isByHelm = removedPaths.has(pathOf('releases', from, id));
    const isByArgocd = [from, to].some((cohort) => all.has(`argocd/cohorts/${cohort}.yaml`));
    const canStay = !isByArgocd && (!isByHelm || createdPaths.has(pathOf('releases', to, id)));
    const owned = read(pathOf(isByHelm ? 'releases' : 'sessions', from, id));
    if (canStay && owned.every((object) => at(object, ANNOTATION) === 'disabled')) return [];
    const message = `moves from the cohort ${from} to ${to} in the namespace ${String(namespace)}: ${isByArgocd ? 'Argo CD' : 'Flux'} may delete its pod and claims, because it does not order the two cohorts. Fix: ${canStay ? KEEP : isByHelm ? `${END}, or move it to a cohort with the delivery helm` : END}`;
    return [problemIn(`sessions/${to}/${id}.yaml`, { severity: 'error', code: 'moved-session', path: [], message })];
  });
}

const pathOf = (folder: 'sessions' | 'releases', cohort: string, id: string): string =>
  `${folder}/${cohort}/${id}.yaml`;

const KEEP = `move the file back, set ${PRUNE_ANNOTATION}: disabled in spec.values.annotations, run dozlab synth and merge; when Flux has applied that, move the file and remove the annotation`;

const END = 'end the session in one commit and create it in the next (its data is lost)';

const ANNOTATION: Path = ['metadata', 'annotations', PRUNE_ANNOTATION];

function sessionAt(path: string): { readonly id: string; readonly cohort: string }[] {
  const [, cohort, id] = /^sessions\/([^/]+)\/([^/.]+)\.yaml$/.exec(path) ?? [];
  return cohort === undefined || id === undefined ? [] : [{ id, cohort }];
}

const objectsIn = (text: string): unknown[] =>
  parseAllDocuments(text).map((document) => ('toJS' in document ? (document.toJS() as unknown) : undefined));

const namespaceOf = ([first]: readonly unknown[]): unknown => at(first, ['metadata', 'namespace']);
