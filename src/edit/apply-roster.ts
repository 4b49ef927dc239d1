import { isDeepStrictEqual } from 'node:util';
import { shownPath } from '../core/redact';
import { at } from '@dozlab/charts/schema';
import type { FileChange } from '../source/changes';
import type { SessionContent } from '../api/session';
import type { YamlEdit } from './yaml-edit';
import type { Document, CohortDocument, Documents } from '../source/document';
import type { Problem } from '../core/diagnostics';
import type { Roster, RosterRow } from './roster';
import { rosterProblem } from './roster-cells';
import { editedFile, endedSessions, newCohort, newSession, sessionPath, type SessionFile } from './session-file';
import { valuesOf, type Assignment } from './set-value';

export interface RosterOptions {
  readonly name: string;
  readonly lab?: string | undefined;
  /** New sessions only. */
  readonly expiresAt?: string | undefined;
  readonly assignments: readonly Assignment[];
  /** Ends sessions outside the roster. */
  readonly prune: boolean;
}

export interface PlannedSession {
  readonly id: string;
  readonly user: string;
  readonly fields?: readonly string[];
}

export interface RosterPlan {
  readonly added: readonly PlannedSession[];
  readonly changed: readonly PlannedSession[];
  readonly unchanged: readonly PlannedSession[];
  /** Not in the roster. */
  readonly leaving: readonly PlannedSession[];
  readonly files: readonly FileChange[];
  readonly problems: readonly Problem[];
  /** To the roster row. */
  readonly place: (this: void, problem: Problem) => Problem;
}

/** @throws DozlabError with code `unsupported` if a file must be edited by hand */
export function applyRoster(
  loaded: Documents,
  cohort: CohortDocument | undefined,
  roster: Roster | undefined,
  { name, lab, expiresAt, assignments, prune }: RosterOptions,
): RosterPlan {
  const present = new Map((cohort?.sessions ?? []).map((session) => [session.name, session]));
  const problems = [...(roster?.problems ?? [])];
  const files = cohortFile(loaded, cohort, name, assignments);
  const added: PlannedSession[] = [];
  const changed: PlannedSession[] = [];
  const unchanged: PlannedSession[] = roster === undefined ? (cohort?.sessions ?? []).map(plannedOf) : [];
  const origins = new Map<string, RosterRow>();
  for (const row of roster?.rows ?? []) {
    const session = present.get(row.id);
    const planned = { id: row.id, user: row.userId };
    const ofRow = row.lab ?? lab;
    origins.set(sessionPath(name, row.id), row);
    if (session === undefined) {
      const given = row.values.filter((edit): edit is Assignment => edit.value !== undefined);
      if (ofRow === undefined)
        problems.push(rosterProblem(roster?.file ?? '', row.locate('spec.lab'), ['lab'], 'is missing. Fix: set --lab, or a lab in the column lab')); // prettier-ignore
      else {
        added.push(planned);
        files.push(newSession(loaded, { id: row.id, cohort: name, userId: row.userId, lab: ofRow, expiresAt, values: valuesOf(given) })); // prettier-ignore
      }
      continue;
    }
    const edits = editsOf(session, row, ofRow);
    const change = edits.length === 0 ? undefined : editedFile(session, edits);
    if (change === undefined) unchanged.push(planned);
    else {
      changed.push({ ...planned, fields: edits.map(({ path }) => shownPath(path)) });
      files.push(change);
    }
  }
  const listed = new Set(roster?.rows.map(({ id }) => id));
  const leaving: SessionFile[] =
    roster === undefined || cohort === undefined
      ? []
      : cohort.sessions.filter((session) => !listed.has(session.name)).map((session) => ({ cohort, session }));
  if (prune) files.push(...endedSessions(loaded, leaving));
  return {
    added,
    changed,
    unchanged,
    leaving: leaving.map(({ session }) => plannedOf(session)),
    files,
    problems,
    place: (problem) => {
      const row = origins.get(problem.file);
      return row === undefined || roster === undefined
        ? problem
        : { ...problem, file: roster.file, ...row.locate(problem.path) };
    },
  };
}

const plannedOf = ({ name, value }: Document<SessionContent>): PlannedSession => ({
  id: name,
  user: value?.spec.userId ?? '',
});

function cohortFile(
  loaded: Documents,
  cohort: CohortDocument | undefined,
  name: string,
  assignments: readonly Assignment[],
): FileChange[] {
  const isUnreadable = loaded.problems.some(({ file }) => file === cohort?.path);
  if (cohort === undefined || (cohort.file === undefined && !isUnreadable))
    return [newCohort(loaded, name, valuesOf(assignments))];
  const edits = assignments.map(({ path, value }) => ({ path: ['values', ...path], value }));
  const change = edits.length === 0 ? undefined : editedFile(cohort, edits);
  return change === undefined ? [] : [change];
}

function editsOf(session: Document<SessionContent>, row: RosterRow, lab: string | undefined): YamlEdit[] {
  const wanted: YamlEdit[] = [
    { path: ['userId'], value: row.userId },
    ...(lab === undefined ? [] : [{ path: ['lab'], value: lab }]),
    ...row.values.map(({ path, value }) => ({ path: ['values', ...path], value })),
  ];
  const spec = at(session.file?.content, ['spec']);
  return wanted.filter(({ path, value }) => !isDeepStrictEqual(at(spec, path), value));
}
