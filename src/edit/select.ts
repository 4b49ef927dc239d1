import { DozlabError } from '../core/errors';
import { nearest } from '@dozlab/charts/schema';
import type { Documents } from '../source/document';
import { PROJECT_FILE } from '../api/file-names';
import { isError, type Problem } from '../core/diagnostics';
import type { ResolvedProject } from '../model/project';
import type { Session } from '../model/session';
import { allSessionFiles, type SessionFile } from './session-file';

export interface SessionSelector {
  readonly session?: string | undefined;
  readonly cohort?: string | undefined;
}

export interface FoundSessions {
  readonly sessions: readonly Session[];
  readonly errors: readonly Problem[];
}

interface Named {
  readonly cohort: string;
  readonly id: string;
}

const nameOf = ({ cohort, id }: Named): string => `${cohort}/${id}`;

/** @throws DozlabError with code `unknown-session` unless exactly one session has the name */
export function findSessions(
  { sessions, problems }: ResolvedProject,
  { session, cohort }: SessionSelector,
): FoundSessions {
  const [name, ownCohort = cohort, ...more] = (session ?? '').split('/').reverse();
  if (more.length > 0) throw unknownSession(session ?? '', sessions);
  refuseConflict(session ?? '', ownCohort, cohort);
  const isSelected = (path: string): boolean => {
    const [folder, inCohort = '', file = ''] = path.split('/');
    if (folder !== 'sessions') return path === PROJECT_FILE || folder === 'labs';
    if (ownCohort !== undefined && inCohort !== ownCohort) return false;
    return session === undefined || file === `${name ?? ''}.yaml` || file === 'cohort.yaml';
  };
  // Commands that select sessions may set the missing password.
  const errors = problems.filter((each) => isError(each) && each.code !== 'missing-secret' && isSelected(each.file));
  const found = sessions.filter(
    (each) =>
      (ownCohort === undefined || each.cohort === ownCohort) && (session === undefined || each.id === (name ?? '')),
  );
  if (session !== undefined && found.length > 1) throw severalSessions(session, found);
  if (errors.length > 0 || found.length > 0) return { sessions: found, errors };
  if (session === undefined && cohort === undefined) return { sessions: [], errors };
  throw unknownSession(session ?? `in the cohort ${cohort ?? ''}`, sessions);
}

function refuseConflict(wanted: string, cohort: string | undefined, option: string | undefined): void {
  if (option === undefined || cohort === option) return;
  throw new DozlabError('invalid-usage', `${wanted} is not in the cohort of --cohort. Fix: leave --cohort out`);
}

function unknownSession(wanted: string, sessions: readonly Named[]): DozlabError {
  const near = nearest(wanted, [...sessions.map(({ id }) => id), ...sessions.map(nameOf)]);
  const hint = near === undefined ? '. Fix: use the name of a session, or cohort/session' : `; did you mean ${near}?`;
  const shown = /^[a-z0-9/ -]*$/.test(wanted) ? wanted : 'of that name';
  return new DozlabError('unknown-session', `there is no session ${shown}${hint}`);
}

const severalSessions = (wanted: string, found: readonly Named[]): DozlabError =>
  new DozlabError(
    'unknown-session',
    `${wanted} is in several cohorts. Fix: use one of ${found.map(nameOf).join(', ')}`,
  );

/**
 * @param wanted name or `cohort/name`
 * @throws DozlabError with code `unknown-session` unless exactly one session has it
 */
export function findSessionFile(loaded: Documents, wanted: string, inCohort?: string): SessionFile {
  const [name = '', cohort = inCohort, ...more] = wanted.split('/').reverse();
  refuseConflict(wanted, cohort, inCohort);
  const all = allSessionFiles(loaded);
  const named = (files: readonly SessionFile[]): Named[] =>
    files.map((file) => ({ cohort: file.cohort.name, id: file.session.name }));
  const found = all.filter(
    (file) => more.length === 0 && file.session.name === name && (cohort === undefined || file.cohort.name === cohort),
  );
  const [first] = found;
  if (first === undefined) throw unknownSession(wanted, named(all));
  if (found.length > 1) throw severalSessions(wanted, named(found));
  return first;
}

/**
 * Without a name, the only one.
 * @throws DozlabError with code `unknown-cohort`
 */
export function findCohort<T extends { readonly name: string }>(
  { cohorts }: { readonly cohorts: readonly T[] },
  wanted: string | undefined,
): T {
  const names = cohorts.map(({ name }) => name);
  const [only, ...others] = cohorts;
  if (only === undefined) throw new DozlabError('unknown-cohort', 'there is no cohort. Fix: dozlab cohort create NAME');
  if (wanted === undefined && others.length === 0) return only;
  const accepted = `${names.length === 1 ? '' : 'one of '}${names.join(', ')}`;
  if (wanted === undefined)
    throw new DozlabError('unknown-cohort', `there are several cohorts. Fix: set --cohort to ${accepted}`);
  const found = cohorts.find(({ name }) => name === wanted);
  if (found !== undefined) return found;
  const near = nearest(wanted, names);
  const shown = /^[a-z0-9 -]*$/.test(wanted) ? wanted : 'of that name';
  throw new DozlabError(
    'unknown-cohort',
    `there is no cohort ${shown}; ${near === undefined ? `accepted: ${accepted}` : `did you mean ${near}?`}`,
  );
}
