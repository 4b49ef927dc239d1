import { randomInt } from 'node:crypto';
import { DozlabError } from '../core/errors';
import { at, type Mapping, type Path, type Tree } from '@dozlab/charts/schema';
import type { FileChange } from '../source/changes';
import { COHORT_KEYS } from '../source/schemas';
import { API_VERSION } from '../api/document';
import { SESSION_KEYS, type SessionContent } from '../api/session';
import { editedYaml, type YamlEdit } from './yaml-edit';
import type { Document, CohortDocument, Documents } from '../source/document';
import { COHORT_FILE, secretFile } from '../api/file-names';
import { blockLines } from './yaml-text';
import type { YamlFile } from '../source/yaml';

export interface SessionFile {
  readonly cohort: CohortDocument;
  readonly session: Document<SessionContent>;
}

export const allSessionFiles = ({ cohorts }: Documents): SessionFile[] =>
  cohorts.flatMap((cohort) => cohort.sessions.map((session) => ({ cohort, session })));

/** `cohort/id`. */
export const fullName = ({ cohort, session }: SessionFile): string => `${cohort.name}/${session.name}`;

/** @throws DozlabError with code `unsupported` if the end is not a time */
export function presentEnd({ path, file, value }: Document<SessionContent>): string | undefined {
  const end = value?.spec.expiresAt;
  if (end === undefined && (at(file?.content, ['spec', 'expiresAt']) ?? null) !== null)
    throw new DozlabError(
      'unsupported',
      `${path} has an expiresAt that is not a time. Fix: use --until, or correct the file first`,
    );
  return end;
}

export interface NewSession {
  readonly id: string;
  readonly cohort: string;
  readonly userId: string;
  readonly lab: string;
  readonly expiresAt?: string | undefined;
  readonly values?: Mapping;
}

const document = (kind: string, name: string, spec: Mapping, schema: string | undefined): string =>
  [
    ...(schema === undefined ? [] : [`# yaml-language-server: $schema=../../schemas/${schema}`]),
    ...blockLines({ apiVersion: API_VERSION, kind, metadata: { name }, ...(isEmpty(spec) ? {} : { spec }) }),
    '',
  ].join('\n');

const isEmpty = (mapping: Mapping): boolean => Object.keys(mapping).length === 0;

const schemaIn = ({ schemaFiles }: Documents, name: string): string | undefined =>
  schemaFiles.includes(name) ? name : undefined;

export function newSession(
  loaded: Documents,
  { id, cohort, userId, lab, expiresAt, values = {} }: NewSession,
): FileChange {
  const spec = {
    userId,
    lab,
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(isEmpty(values) ? {} : { values }),
  };
  return {
    path: sessionPath(cohort, id),
    content: document('LabSession', id, spec, schemaIn(loaded, 'session.json')),
    before: null,
  };
}

export const sessionPath = (cohort: string, id: string): string => `sessions/${cohort}/${id}.yaml`;

export const newCohort = (loaded: Documents, name: string, values: Mapping): FileChange => ({
  path: `sessions/${name}/${COHORT_FILE}`,
  content: document('Cohort', name, isEmpty(values) ? {} : { values }, schemaIn(loaded, 'cohort.json')),
  before: null,
});

/** @throws DozlabError with code `unsupported` if the file has a form that only a person can edit */
export function editedFile(
  { path, file }: Pick<Document<unknown>, 'path' | 'file'>,
  edits: readonly { readonly path: Path; readonly value: Tree | undefined }[],
): FileChange | undefined {
  if (file === undefined) throw new DozlabError('unsupported', `${path} cannot be read. Fix: see dozlab validate`);
  const inSpec = edits.map((edit): YamlEdit => ({ path: ['spec', ...edit.path], value: edit.value }));
  const before = textBefore(file);
  const content = editedYaml(before, inSpec, path.endsWith(`/${COHORT_FILE}`) ? COHORT_KEYS : SESSION_KEYS);
  if (content === undefined)
    throw new DozlabError(
      'unsupported',
      `${path} cannot be edited without other changes, because of an anchor or a comment in brackets. Fix: edit it by hand`,
    );
  return content === before ? undefined : { path, content, before };
}

/** With the byte order mark. */
const textBefore = ({ mark = '', text }: YamlFile): string => mark + text;

export const removedFile = ({ path, file }: Pick<Document<unknown>, 'path' | 'file'>): FileChange => ({
  path,
  content: undefined,
  ...(file === undefined ? {} : { before: textBefore(file) }),
});

/** Includes passwords. */
export const endedSessions = ({ secretFiles }: Documents, ended: readonly SessionFile[]): FileChange[] =>
  ended.flatMap(({ cohort, session }) => {
    const secret = secretFile(cohort.name, session.name);
    return [removedFile(session), ...(secretFiles.has(secret) ? [{ path: secret, content: undefined }] : [])];
  });

/** Would name the cohort file. */
export const RESERVED_ID = COHORT_FILE.replace('.yaml', '');

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

/**
 * Sorts by UTC time; unique across branches.
 * @example `20260131-180000123-k3x9ab`
 */
export function makeId(now: Date, isTaken: (id: string) => boolean): string {
  for (;;) {
    const time = now.toISOString().replace(/[-:.Z]/g, '').replace('T', '-'); // prettier-ignore
    const letters = Array.from({ length: 6 }, () => LETTERS[randomInt(LETTERS.length)] ?? '').join('');
    const id = `${time}-${letters}`;
    if (!isTaken(id)) return id;
  }
}
