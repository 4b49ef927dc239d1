import { DozlabError } from '../errors';
import { nearest } from '../schema/known-keys';
import { PROJECT_FILE } from './load';
import { isError, type Problem } from './problem';
import type { ResolvedProject, ResolvedSession } from './resolved';

/** Which sessions are meant: by name or `cohort/name`, of a cohort, or all. */
export interface Wanted {
  readonly session?: string | undefined;
  readonly cohort?: string | undefined;
}

/** Sessions, and what is wrong with the files that they are made of: with an error among it, they are not what people meant. */
export interface FoundSessions {
  readonly sessions: readonly ResolvedSession[];
  readonly errors: readonly Problem[];
}

const nameOf = ({ cohort, id }: ResolvedSession): string => `${cohort}/${id}`;

/**
 * Finds sessions.
 * @throws DozlabError with code `unknown-session` when there is none, or several of that name
 */
export function findSessions({ sessions, problems }: ResolvedProject, { session, cohort }: Wanted): FoundSessions {
  const [name, ownCohort = cohort, ...more] = (session ?? '').split('/').reverse();
  if (more.length > 0) throw unknown(session ?? '', sessions);
  const isMeant = (path: string): boolean => {
    const [folder, inCohort = '', file = ''] = path.split('/');
    if (folder !== 'sessions') return path === PROJECT_FILE || folder === 'labs';
    if (ownCohort !== undefined && inCohort !== ownCohort) return false;
    return session === undefined || file === `${name ?? ''}.yaml` || file === 'cohort.yaml';
  };
  // A password that is missing or not right is what these commands are for.
  const errors = problems.filter((each) => isError(each) && each.code !== 'missing-secret' && isMeant(each.file));
  const found = sessions.filter(
    (each) =>
      (ownCohort === undefined || each.cohort === ownCohort) && (session === undefined || each.id === (name ?? '')),
  );
  if (session !== undefined && found.length > 1)
    throw new DozlabError(
      'unknown-session',
      `${session} is in several cohorts; accepted: one of ${found.map(nameOf).join(', ')}`,
    );
  if (errors.length > 0 || found.length > 0) return { sessions: found, errors };
  if (session === undefined && cohort === undefined) return { sessions: [], errors };
  throw unknown(session ?? `in the cohort ${cohort ?? ''}`, sessions);
}

function unknown(wanted: string, sessions: readonly ResolvedSession[]): DozlabError {
  const near = nearest(wanted, [...sessions.map(({ id }) => id), ...sessions.map(nameOf)]);
  const hint = near === undefined ? 'accepted: the name of a session, or cohort/session' : `did you mean ${near}?`;
  const shown = /^[a-z0-9/ -]*$/.test(wanted) ? wanted : 'of that name';
  return new DozlabError('unknown-session', `there is no session ${shown}; ${hint}`);
}
