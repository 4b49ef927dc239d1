import { nearest } from '../schema/known-keys';
import { DozlabError } from '../errors';
import type { ResolvedProject, ResolvedSession } from './resolve';

/**
 * Finds a session by `<cohort>/<session>`, or by its name alone when no other cohort has one of that name.
 * @throws DozlabError with code `unknown-session` when there is none, it is not right, or there are several
 */
export function findSession({ sessions, problems }: ResolvedProject, wanted: string): ResolvedSession {
  const nameOf = ({ cohort, id }: ResolvedSession): string => `${cohort}/${id}`;
  const found = sessions.filter((session) => session.id === wanted || nameOf(session) === wanted);
  const [session, another] = found;
  if (session !== undefined && another === undefined) return session;
  if (session !== undefined)
    throw new DozlabError(
      'unknown-session',
      `${wanted} is in several cohorts; accepted: one of ${found.map(nameOf).join(', ')}`,
    );
  const flawed = problems.find(({ file, severity }) => severity === 'error' && isFileOf(file, wanted));
  if (flawed !== undefined)
    throw new DozlabError(
      'unknown-session',
      `${flawed.file} has errors (line ${String(flawed.line)}: ${flawed.path} ${flawed.message}); dozlab validate tells all`,
    );
  const near = nearest(wanted, [...sessions.map(({ id }) => id), ...sessions.map(nameOf)]);
  const hint = near === undefined ? 'accepted: the name of a session, or cohort/session' : `did you mean ${near}?`;
  const shown = /^[a-z0-9/-]*$/.test(wanted) ? wanted : 'of that name';
  throw new DozlabError('unknown-session', `there is no session ${shown}; ${hint}`);
}

const isFileOf = (file: string, wanted: string): boolean =>
  file.startsWith('sessions/') && (file === `sessions/${wanted}.yaml` || file.endsWith(`/${wanted}.yaml`));
