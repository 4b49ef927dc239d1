import { endAt, type EndOptions } from '../api/duration';
import { shownPath } from '../core/redact';
import { plural } from '../core/text';
import type { Problem } from '../core/diagnostics';
import type { CohortContent } from '../api/cohort';
import type { FileChange } from '../source/changes';
import { type Documents, missingDocument } from '../source/document';
import { applyRoster, type PlannedSession, type RosterOptions, type RosterPlan } from './apply-roster';
import { passwordNotes } from './change-session';
import type { EditPlan } from './edit-plan';
import type { Roster } from './roster';
import { findCohort } from './select';
import { editedFile, endedSessions, presentEnd, removedFile } from './session-file';

export interface CohortEdit extends EditPlan {
  readonly roster: RosterPlan;
}

/** Sessions, as `cohort/id`, whose manifests change with the files. */
export type ChangedByFiles = (files: readonly FileChange[]) => readonly string[];

/** @returns problems if the roster has any */
export function createCohort(
  loaded: Documents,
  roster: Roster | undefined,
  options: RosterOptions,
  changedBy: ChangedByFiles,
): CohortEdit | readonly Problem[] {
  const { name, prune, assignments } = options;
  const cohort = loaded.cohorts.find((each) => each.name === name);
  const given = applyRoster(loaded, cohort, roster, options);
  if (given.problems.length > 0) return given.problems;
  const isCohortChanged = cohort !== undefined && given.files.some(({ path }) => path === cohort.path);
  const paths = isCohortChanged ? assignments.map(({ path }) => shownPath(['values', ...path])) : [];
  const plan = withChangedBy(given, name, paths, isCohortChanged ? changedBy(given.files) : []);
  const { added, changed, unchanged, leaving, files, place } = plan;
  const left = leaving.length === 0 ? '' : `, ${String(leaving.length)} ${prune ? 'ended' : 'leaving'}`;
  const counts = `${String(added.length)} new, ${String(changed.length)} changed, ${String(unchanged.length)} unchanged${left}`;
  return {
    summary: `cohort ${name}: ${[...paths, counts].join(', ')}`,
    files,
    facts: { cohort: name, paths, new: added, changed, unchanged: unchanged.length, leaving, prune },
    notes: [
      ...(leaving.length > 0 && !prune
        ? [`${plural(leaving.length, 'session')} not in the roster ${leaving.length === 1 ? 'stays' : 'stay'}: --prune ends them`] // prettier-ignore
        : []),
      ...(added.length > 0
        ? passwordNotes(loaded, cohort ?? { ...missingDocument<CohortContent>(name, ''), sessions: [] })
        : []),
    ],
    place,
    roster: plan,
  };
}

/** Values of the cohort change sessions whose own files stay. */
function withChangedBy(
  plan: RosterPlan,
  cohort: string,
  fields: readonly string[],
  changed: readonly string[],
): RosterPlan {
  const names = new Set(changed);
  const isChanged = ({ id }: PlannedSession): boolean => names.has(`${cohort}/${id}`);
  const moved = plan.unchanged.filter(isChanged).map((session) => ({ ...session, fields }));
  return {
    ...plan,
    changed: [...plan.changed, ...moved],
    unchanged: plan.unchanged.filter((session) => !isChanged(session)),
  };
}

/** Sessions that end later do not change. */
export function extendCohort(loaded: Documents, name: string, end: EndOptions, now: Date): EditPlan {
  const cohort = findCohort(loaded, name);
  const files = cohort.sessions.flatMap((session) => {
    const present = end.ttl === undefined ? session.value?.spec.expiresAt : presentEnd(session);
    const expiresAt = endAt(end, now, present) ?? '';
    if (present !== undefined && Date.parse(present) >= Date.parse(expiresAt)) return [];
    return editedFile(session, [{ path: ['expiresAt'], value: expiresAt }]) ?? [];
  });
  const unchanged = cohort.sessions.length - files.length;
  const endless = cohort.sessions.filter(({ value }) => value?.spec.expiresAt === undefined).length;
  return {
    summary: `cohort ${cohort.name}: ${String(files.length)} extended${end.until === undefined ? '' : ` until ${end.until}`}, ${String(unchanged)} unchanged`,
    files,
    notes: endless === 0 ? [] : [`${plural(endless, 'session')} had no end before`],
    facts: { cohort: cohort.name, extended: files.length, unchanged },
  };
}

export function endCohort(loaded: Documents, name: string): EditPlan {
  const cohort = findCohort(loaded, name);
  const files = endedSessions(
    loaded,
    cohort.sessions.map((session) => ({ cohort, session })),
  );
  const hasFile = cohort.file !== undefined || loaded.problems.some(({ file }) => file === cohort.path);
  return {
    summary: `cohort ${cohort.name} ended, with ${plural(cohort.sessions.length, 'session')}`,
    files: [...files, ...(hasFile ? [removedFile(cohort)] : [])],
    facts: { cohort: cohort.name, sessions: cohort.sessions.length },
    notes: [],
  };
}
