import { isDeepStrictEqual } from 'node:util';
import { shownPath } from '../core/redact';
import { at } from '@dozlab/charts/schema';
import type { FileChange } from '../source/changes';
import type { SessionDocument } from '../api/session';
import type { YamlEdit } from './yaml-edit';
import type { Loaded, LoadedCohort, LoadedProject } from '../source/load-project';
import type { Problem } from '../core/diagnostics';
import type { Roster, RosterRow } from './roster';
import { rosterProblem } from './roster-cells';
import { editedFile, endedSessions, newCohort, newSession, sessionPath, type SessionFile } from './session-file';
import { valuesOf, type Assignment } from './set-value';

/** What all sessions of a class have, as far as their rows do not say otherwise. */
export interface ClassOptions {
  readonly name: string;
  readonly lab?: string | undefined;
  /** For new sessions: those that are there keep their end. */
  readonly expiresAt?: string | undefined;
  /** Values of the cohort. */
  readonly assignments: readonly Assignment[];
  /** Whether sessions that are not in the roster end. */
  readonly prune: boolean;
}

/** A session of the class, and what is done to it. */
export interface Planned {
  readonly id: string;
  readonly user: string;
  /** What changes. */
  readonly fields?: readonly string[];
}

/** What makes a cohort what a roster says. */
export interface CohortPlan {
  readonly added: readonly Planned[];
  readonly changed: readonly Planned[];
  readonly unchanged: readonly Planned[];
  /** Sessions that are there, but not in the roster. */
  readonly leaving: readonly Planned[];
  readonly files: readonly FileChange[];
  readonly problems: readonly Problem[];
  /** A problem of a session's file at the place in the roster that it comes from. */
  readonly place: (this: void, problem: Problem) => Problem;
}

/**
 * Compares a cohort with a roster.
 * @throws DozlabError with code `unsupported` when a file has to be edited by hand
 */
export function planCohort(
  loaded: LoadedProject,
  cohort: LoadedCohort | undefined,
  roster: Roster | undefined,
  { name, lab, expiresAt, assignments, prune }: ClassOptions,
): CohortPlan {
  const present = new Map((cohort?.sessions ?? []).map((session) => [session.name, session]));
  const problems = [...(roster?.problems ?? [])];
  const files = cohortFile(loaded, cohort, name, assignments);
  const added: Planned[] = [];
  const changed: Planned[] = [];
  const unchanged: Planned[] = [];
  const origins = new Map<string, RosterRow>();
  for (const row of roster?.rows ?? []) {
    const session = present.get(row.id);
    const planned = { id: row.id, user: row.userId };
    const ofRow = row.lab ?? lab;
    origins.set(sessionPath(name, row.id), row);
    if (session === undefined) {
      const given = row.values.filter((edit): edit is Assignment => edit.value !== undefined);
      if (ofRow === undefined)
        problems.push(rosterProblem(roster?.file ?? '', row.locate('spec.lab'), ['lab'], 'is missing; accepted: --lab, or a lab in the column lab')); // prettier-ignore
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
  const kept = new Set(roster?.rows.map(({ id }) => id));
  const left: SessionFile[] =
    roster === undefined || cohort === undefined
      ? []
      : cohort.sessions.filter((session) => !kept.has(session.name)).map((session) => ({ cohort, session }));
  if (prune) files.push(...endedSessions(loaded, left));
  return {
    added,
    changed,
    unchanged,
    leaving: left.map(({ session }) => ({ id: session.name, user: session.document?.spec.userId ?? '' })),
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

/** The cohort's own file, when it is to be made or changed. */
function cohortFile(
  loaded: LoadedProject,
  cohort: LoadedCohort | undefined,
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

/** What a session's file says otherwise than its row. */
function editsOf(session: Loaded<SessionDocument>, row: RosterRow, lab: string | undefined): YamlEdit[] {
  const wanted: YamlEdit[] = [
    { path: ['userId'], value: row.userId },
    ...(lab === undefined ? [] : [{ path: ['lab'], value: lab }]),
    ...row.values.map(({ path, value }) => ({ path: ['values', ...path], value })),
  ];
  const spec = at(session.file?.content, ['spec']);
  return wanted.filter(({ path, value }) => !isDeepStrictEqual(at(spec, path), value));
}
