import { namespaceOf } from '../resolve/cohort';
import type { Documents } from '../source/document';
import { placeAt, problemIn, type Problem } from '../core/diagnostics';
import { shownValue } from '../core/redact';
import { labelName } from '../api/values/fields';
import { dnsLabel } from '../api/values/names';
import type { Original } from './original';

const NO_NAMESPACE = 'migrated';
const LONGEST = 59;
const NAMESPACE = ['metadata', 'namespace'];

/**
 * Uses `wanted`, or else the namespace. The name starts with `migrated-` if a cohort of that name has another
 * namespace.
 */
export function cohortOf({ cohorts }: Documents, { namespace }: Original, wanted: string | undefined): string {
  if (wanted !== undefined) return wanted;
  if (namespace === undefined) return NO_NAMESPACE;
  const name = namespace.length > LONGEST ? dnsLabel(namespace) : namespace;
  const existing = cohorts.find((cohort) => cohort.name === name);
  return existing === undefined || namespaceOf(existing) === namespace ? name : dnsLabel(`${NO_NAMESPACE}-${name}`);
}

export function cohortProblems(
  project: Documents,
  originals: readonly Original[],
  wanted: string | undefined,
): Problem[] {
  const first = new Map<string, Original>();
  const namespaces = new Map<string, Original>();
  return originals.flatMap((original) => {
    const cohort = cohortOf(project, original, wanted);
    const problems: Problem[] = [];
    const place = `${cohort}/${original.id}`;
    const other = first.get(place);
    if (other !== undefined) {
      const { file, line } = other.place;
      const message = `is ${original.id}, like the session at ${file}:${String(line)} in the same cohort ${cohort}. Fix: use another id, or migrate one of them`;
      problems.push(original.at('error', 'duplicate-session', ['session', 'id'], message));
    }
    first.set(place, other ?? original);
    return [...problems, ...namespaceProblems(project, original, cohort, wanted !== undefined, namespaces)];
  });
}

function namespaceProblems(
  { cohorts }: Documents,
  original: Original,
  cohort: string,
  isWanted: boolean,
  namespaces: Map<string, Original>,
): Problem[] {
  const { namespace, place } = original;
  if (namespace === undefined) return [];
  const existing = cohorts.find(({ name }) => name === cohort);
  const refuse = (message: string, code: Problem['code'] = 'conflict'): Problem[] => [
    problemIn(placeAt(place.file, place), { severity: 'error', code, path: NAMESPACE, message }),
  ];
  const { error } = labelName().safeParse(namespace);
  if (error !== undefined)
    return refuse(`is ${shownValue(NAMESPACE, namespace)}; accepted: ${error.issues[0]?.message ?? ''}`, 'wrong-value');
  if (existing !== undefined) {
    const own = namespaceOf(existing);
    // `--cohort` moves sessions into the namespace of an existing cohort.
    if (isWanted || own === namespace) return [];
    return refuse(
      `is ${namespace}, but the cohort ${cohort} exists with the namespace ${own}. Fix: use --cohort with another name`,
    );
  }
  const other = namespaces.get(cohort);
  namespaces.set(cohort, other ?? original);
  if (other === undefined || other.namespace === namespace) return [];
  return refuse(
    `is ${namespace}, but ${other.namespace ?? ''} at ${other.place.file}:${String(other.place.line)}, and a cohort has one namespace. Fix: leave --cohort out`,
  );
}
