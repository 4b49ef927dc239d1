import { namespaceOf } from '../resolve/value-layers';
import type { Documents } from '../source/document';
import { problemAt, type Problem } from '../core/diagnostics';
import { shownValue } from '../core/redact';
import { labelName } from '../api/values/fields';
import { dnsLabel } from '../api/values/names';
import type { Original } from './original';

const NO_NAMESPACE = 'migrated';
const LONGEST = 59;
const NAMESPACE = ['metadata', 'namespace'];

/**
 * The cohort of a session: the one that was asked for, or one named after the session's namespace. Where that name is of a cohort in another
 * namespace, as `default` is in a new project, another name.
 */
export function cohortOf({ cohorts }: Documents, { namespace }: Original, wanted: string | undefined): string {
  if (wanted !== undefined) return wanted;
  if (namespace === undefined) return NO_NAMESPACE;
  const name = namespace.length > LONGEST ? dnsLabel(namespace) : namespace;
  const known = cohorts.find((cohort) => cohort.name === name);
  return known === undefined || namespaceOf(known) === namespace ? name : dnsLabel(`${NO_NAMESPACE}-${name}`);
}

/** What hinders sessions from being in their cohorts. */
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
      const message = `is ${original.id}, which the session at ${file}:${String(line)} is too, in the same cohort ${cohort}; accepted: another id, or one of them alone`;
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
  const known = cohorts.find(({ name }) => name === cohort);
  const refuse = (message: string, code: Problem['code'] = 'conflict'): Problem[] => [
    problemAt('error', code, place.file, place, NAMESPACE, message),
  ];
  const { error } = labelName().safeParse(namespace);
  if (error !== undefined)
    return refuse(`is ${shownValue(NAMESPACE, namespace)}; accepted: ${error.issues[0]?.message ?? ''}`, 'wrong-value');
  if (known !== undefined) {
    const own = namespaceOf(known);
    // Whoever names a cohort that is there wants its sessions in that cohort's namespace.
    if (isWanted || own === namespace) return [];
    return refuse(
      `is ${namespace}, but the cohort ${cohort} is there already, with the namespace ${own}; accepted: --cohort with another name`,
    );
  }
  const other = namespaces.get(cohort);
  namespaces.set(cohort, other ?? original);
  if (other === undefined || other.namespace === namespace) return [];
  return refuse(
    `is ${namespace}, but ${other.namespace ?? ''} at ${other.place.file}:${String(other.place.line)}, and a cohort has one namespace; accepted: without --cohort, each namespace by itself`,
  );
}
