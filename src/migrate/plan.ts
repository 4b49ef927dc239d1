import type { Documents } from '../source/document';
import { loadProject } from '../source/load-project';
import { Diagnostics, inOrder, isError, problemAt, type Problem } from '../core/diagnostics';
import { changesOf, type FileChange } from '../source/changes';
import { FolderSource } from '../source/folder-source';
import { resolveProject } from '../resolve/resolve';
import type { Session } from '../model/session';
import { renderSession } from '../manifests/render-session';
import type { OutputFile } from '@dozlab/charts';
import { withoutSecrets } from '../core/redact';
import { cohortOf, cohortProblems } from './cohorts';
import { compareObjects, type Difference } from './compare';
import { fit } from './fit';
import { readInputs, type Inputs } from './read-files';
import { maskPasswords } from './read-sessions';
import { layOut, type Layout, type Migrant } from './layout';
import type { Form, Place } from './original';
import { readOriginals } from './read-sessions';
import { reasonOf } from './compare';

/** A session with its differences from the original. */
export interface MigratedSession {
  readonly cohort: string;
  readonly id: string;
  readonly userId: string;
  readonly lab: string;
  readonly namespace: string;
  readonly form: Form;
  readonly from: Place;
  /** @default none: the input does not say it */
  readonly oldNamespace?: string;
  readonly release?: string;
  readonly provider: string;
  readonly differences: readonly Difference[];
}

/** With an error among the problems there are no files. */
export interface Migration {
  /** New files. */
  readonly files: readonly FileChange[];
  /** Paths of existing files with the same content. */
  readonly unchanged: readonly string[];
  readonly sessions: readonly MigratedSession[];
  readonly problems: readonly Problem[];
}

export interface MigrationOptions extends Inputs {
  /** Cohort of all sessions. @default one for each namespace */
  readonly cohort?: string | undefined;
}

/** Errors that people fix after the migration. */
const LATER: readonly Problem['code'][] = ['missing-secret'];

/**
 * Plans the files of sessions that have older forms. Writes nothing.
 * @throws DozlabError with code `missing-project` when the folder is not a project
 */
export function planMigration(folder: string, options: MigrationOptions): Migration {
  const project = loadProject(folder);
  // The values of dozlab.yaml are part of every comparison.
  const problems: Problem[] = project.problems.filter(({ file }) => file === project.project.path);
  const items = readInputs(options, problems);
  maskPasswords(items);
  const originals = readOriginals(items, problems);
  const failed = (): Migration => ({ files: [], unchanged: [], sessions: [], problems: inOrder(problems) });
  if (originals.length === 0 && !problems.some(isError)) {
    const message = 'has no lab session in a supported form';
    for (const file of options.files)
      problems.push(problemAt('error', 'missing', file, { line: 1, column: 1 }, [], message));
  }
  problems.push(...cohortProblems(project, originals, options.cohort));
  const migrants = originals.flatMap((original): Migrant[] => {
    const { values, problems: found } = fit(original);
    problems.push(...found);
    const cohort = cohortOf(project, original, options.cohort);
    const { namespace } = original;
    return values === undefined
      ? []
      : [{ original, values, cohort, ...(namespace === undefined ? {} : { namespace }) }];
  });
  if (problems.some(isError)) return failed();
  const layout = layOut(project, migrants);
  const { added, unchanged } = compareFiles(folder, layout.files, problems);
  if (problems.some(isError)) return failed();
  const sessions = migratedSessions(folder, project, migrants, layout, problems);
  if (problems.some(isError)) return failed();
  return { files: added, unchanged, sessions, problems: inOrder(problems) };
}

/** Splits files into new and unchanged ones. An existing file with other content is an error. */
function compareFiles(folder: string, files: readonly OutputFile[], problems: Problem[]) {
  const existing = new FolderSource(folder);
  const added: FileChange[] = [];
  const unchanged: string[] = [];
  for (const file of files) {
    if (withoutSecrets(file.content) !== file.content) {
      const message = 'would contain a password of the input. Fix: use an id, a user and values without it';
      problems.push(problemAt('error', 'secret-in-file', file.path, { line: 1, column: 1 }, [], message));
    }
    const before = problems.length;
    const unreadable = new Diagnostics();
    const text = existing.read(file.path, unreadable)?.text;
    problems.push(...unreadable.problems);
    if (text === file.content) unchanged.push(file.path);
    else if (text === undefined && problems.length === before) added.push({ ...file, before: null });
    else if (text !== undefined) {
      const message =
        'exists with other content, and migrate overwrites no file. Fix: use another --cohort, or remove the file';
      problems.push(problemAt('error', 'conflict', file.path, { line: 1, column: 1 }, [], message));
    }
  }
  return { added, unchanged };
}

/** Renders sessions from the new files, and compares each with its original. */
function migratedSessions(
  folder: string,
  project: Documents,
  migrants: readonly Migrant[],
  { files, labs }: Layout,
  problems: Problem[],
): MigratedSession[] {
  const before = new Set(resolveProject(project).problems.map((problem) => JSON.stringify(problem)));
  const loaded = loadProject(folder, changesOf(files));
  const resolved = resolveProject(loaded);
  const fresh = resolved.problems.filter((problem) => isError(problem) && !before.has(JSON.stringify(problem)));
  problems.push(...fresh.filter(({ code }) => !LATER.includes(code)));
  const byName = new Map(resolved.sessions.map((session) => [`${session.cohort}/${session.id}`, session]));
  return migrants.flatMap((migrant) => {
    const session = byName.get(`${migrant.cohort}/${migrant.original.id}`);
    if (session !== undefined) return [migrated(migrant, session, labs.get(migrant) ?? '')];
    // An error that the project had before prevents the session.
    problems.push(...resolved.problems.filter((problem) => isError(problem) && !LATER.includes(problem.code)));
    return [];
  });
}

function migrated({ original }: Migrant, session: Session, lab: string): MigratedSession {
  const { form, id, userId, place, namespace, release } = original;
  return {
    ...{ cohort: session.cohort, id, userId, lab, namespace: session.namespace, form, from: place },
    ...(namespace === undefined ? {} : { oldNamespace: namespace }),
    ...(release === undefined ? {} : { release }),
    provider: session.secret.provider,
    differences: [
      ...compareObjects(original.objects(), renderSession(session.values, session.namespace)),
      ...placeDifferences(original, session),
    ],
  };
}

/** Differences of the namespace and the password. */
function placeDifferences({ hasPassword, namespace }: Migrant['original'], session: Session): Difference[] {
  const moved: Omit<Difference, 'reason'> = {
    object: 'Pod',
    path: 'metadata.namespace',
    change: namespace === undefined ? 'added' : 'changed',
    ...(namespace === undefined ? {} : { was: namespace }),
    is: session.namespace,
  };
  const lost: Omit<Difference, 'reason'> = { object: 'Secret', path: '', change: 'lost' };
  return [...(namespace === session.namespace ? [] : [moved]), ...(hasPassword ? [lost] : [])].map((difference) => ({
    ...difference,
    reason: reasonOf(difference.object, difference.path, difference.change),
  }));
}
