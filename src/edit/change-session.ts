import { Diagnostics } from '../core/diagnostics';
import { endAt, type EndOptions } from '../api/duration';
import { DozlabError } from '../core/errors';
import { shownPath } from '../core/redact';
import type { Mapping } from '@dozlab/charts/schema';
import { cohortSettings } from '../resolve/secret';
import { providerOf } from '../secrets/providers';
import type { FileChange } from '../source/changes';
import type { CohortDocument, Documents } from '../source/document';
import type { EditPlan } from './edit-plan';
import { findCohort, findSessionFile } from './select';
import {
  allSessionFiles,
  editedFile,
  endedSessions,
  fullName,
  makeId,
  newSession,
  presentEnd,
  sessionPath,
} from './session-file';
import type { YamlEdit } from './yaml-edit';

/** `id` may be `cohort/name`. */
export interface SessionRef {
  readonly id: string;
  readonly cohort?: string | undefined;
}

export interface CreateRequest {
  /** @default made from the time */
  readonly id?: string | undefined;
  /** @default the only cohort */
  readonly cohort?: string | undefined;
  readonly userId: string;
  readonly lab: string;
  readonly expiresAt?: string | undefined;
  readonly values: Mapping;
}

/** @throws DozlabError with code `session-exists` or `unknown-cohort` */
export function createSession(loaded: Documents, request: CreateRequest, now: Date): EditPlan {
  const { id: given, userId, lab, expiresAt, values } = request;
  const cohort = findCohort(loaded, request.cohort);
  if (given !== undefined && cohort.sessions.some(({ name }) => name === given))
    throw new DozlabError('session-exists', `${sessionPath(cohort.name, given)} exists. Fix: use dozlab session edit`);
  const taken = new Set(allSessionFiles(loaded).map(({ session }) => session.name));
  const id = given ?? makeId(now, (each) => taken.has(each));
  return {
    summary: `session ${cohort.name}/${id}, lab ${lab}${expiresAt === undefined ? '' : `, until ${expiresAt}`}`,
    files: [newSession(loaded, { id, cohort: cohort.name, userId, lab, expiresAt, values })],
    facts: { cohort: cohort.name, id, ...(expiresAt === undefined ? {} : { expiresAt }) },
    notes: passwordNotes(loaded, cohort, `${cohort.name}/${id}`),
  };
}

export function passwordNotes(loaded: Documents, cohort: CohortDocument, session?: string): string[] {
  const provider = cohortSettings(loaded, cohort, new Diagnostics())?.provider;
  if (provider === undefined || !providerOf(provider).needsPassword) return [];
  return [`next: dozlab secret set ${session ?? `--cohort ${cohort.name}`}`];
}

export function editSession(loaded: Documents, { id, cohort }: SessionRef, edits: readonly YamlEdit[]): EditPlan {
  const file = findSessionFile(loaded, id, cohort);
  const paths = edits.map(({ path }) => shownPath(path));
  return {
    summary: `session ${fullName(file)}: ${paths.join(', ')}`,
    files: fileOf(editedFile(file.session, edits)),
    facts: { cohort: file.cohort.name, id: file.session.name, paths },
    notes: [],
  };
}

/** @throws DozlabError with code `invalid-usage` if the session ends later, or the time is past */
export function extendSession(loaded: Documents, { id, cohort }: SessionRef, end: EndOptions, now: Date): EditPlan {
  const file = findSessionFile(loaded, id, cohort);
  const present = end.ttl === undefined ? file.session.value?.spec.expiresAt : presentEnd(file.session);
  const expiresAt = endAt(end, now, present) ?? '';
  if (present !== undefined && Date.parse(expiresAt) < Date.parse(present))
    throw new DozlabError(
      'invalid-usage',
      `--until is ${expiresAt}, but ${fullName(file)} ends later, at ${present}. Fix: use dozlab session edit --until for an earlier end`,
    );
  return {
    summary: `session ${fullName(file)} until ${expiresAt}`,
    files: fileOf(editedFile(file.session, [{ path: ['expiresAt'], value: expiresAt }])),
    notes: present === undefined ? ['the session had no end before'] : [],
    facts: { cohort: file.cohort.name, id: file.session.name, expiresAt, ...(present && { before: present }) },
  };
}

/** Resuming writes `false`: without the key, a stopped pod may stay stopped. */
export function suspendSession(loaded: Documents, { id, cohort }: SessionRef, suspended: boolean): EditPlan {
  const file = findSessionFile(loaded, id, cohort);
  return {
    summary: `session ${fullName(file)} ${suspended ? 'suspended' : 'resumed'}`,
    files: fileOf(editedFile(file.session, [{ path: ['suspended'], value: suspended }])),
    facts: { cohort: file.cohort.name, id: file.session.name, suspended },
    notes: [],
  };
}

export function endSession(loaded: Documents, { id, cohort }: SessionRef): EditPlan {
  const file = findSessionFile(loaded, id, cohort);
  return {
    summary: `session ${fullName(file)} ended`,
    files: endedSessions(loaded, [file]),
    facts: { cohort: file.cohort.name, id: file.session.name },
    notes: [],
  };
}

const fileOf = (change: FileChange | undefined): FileChange[] => (change === undefined ? [] : [change]);
