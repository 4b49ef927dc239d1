import type { Documents } from '../source/document';
import { loadProject } from '../source/load-project';
import { Diagnostics, inOrder, isError, problemAt, type Problem } from '../core/diagnostics';
import { changesOf } from '../source/changes';
import { FolderSource } from '../source/folder-source';
import { resolveProject } from '../resolve/resolve';
import type { Session } from '../model/session';
import { renderSession } from '../manifests/render-session';
import type { OutputFile } from '@dozlab/charts';
import { withoutSecrets } from '../core/redact';
import { cohortOf, cohortProblems } from './cohorts';
import { compareObjects, type Difference } from './compare';
import { fit } from './fit';
import { readInputs, type Inputs } from './input';
import { rememberPasswords } from './known-passwords';
import { layOut, type Layout, type Migrant } from './layout';
import type { Form, Place } from './original';
import { readOriginals } from './originals';
import { reasonOf } from './reasons';

/** A session with its files, and what is not as it was. */
export interface MigratedSession {
  readonly cohort: string;
  readonly id: string;
  readonly userId: string;
  readonly lab: string;
  readonly namespace: string;
  readonly form: Form;
  readonly from: Place;
  /** Where it was, as far as it is known. */
  readonly oldNamespace?: string;
  readonly release?: string;
  readonly provider: string;
  readonly differences: readonly Difference[];
}

/** What a migration comes to. With an error among the problems there are no files. */
export interface Migration {
  /** New files. */
  readonly files: readonly OutputFile[];
  /** Paths of files that are there already, just as they would be written. */
  readonly unchanged: readonly string[];
  readonly sessions: readonly MigratedSession[];
  readonly problems: readonly Problem[];
}

export interface MigrationOptions extends Inputs {
  /** Cohort of all sessions; one for each namespace when it is not given. */
  readonly cohort?: string | undefined;
}

/** What stands in the way of a session, but is to be done after it is there. */
const LATER: readonly Problem['code'][] = ['missing-secret'];

/**
 * Makes files of a project of sessions in older forms. Writes nothing.
 * @throws DozlabError with code `missing-project` when the folder is not a project
 */
export function planMigration(folder: string, options: MigrationOptions): Migration {
  const project = loadProject(folder);
  // What all sessions get from dozlab.yaml must be right before anything can be compared.
  const problems: Problem[] = project.problems.filter(({ file }) => file === project.project.path);
  const items = readInputs(options, problems);
  rememberPasswords(items);
  const originals = readOriginals(items, problems);
  const failed = (): Migration => ({ files: [], unchanged: [], sessions: [], problems: inOrder(problems) });
  if (originals.length === 0 && !problems.some(isError)) {
    const message = 'holds no lab session in a form that is known';
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

/** Tells files that are to be written from those that are there. One that is there with other content is an error. */
function compareFiles(folder: string, files: readonly OutputFile[], problems: Problem[]) {
  const existing = new FolderSource(folder);
  const added: OutputFile[] = [];
  const unchanged: string[] = [];
  for (const file of files) {
    if (withoutSecrets(file.content) !== file.content) {
      const message =
        'would hold a password that is given in the input, as another text there is that password; accepted: an id, a user and values without it';
      problems.push(problemAt('error', 'secret-in-file', file.path, { line: 1, column: 1 }, [], message));
    }
    const before = problems.length;
    const unreadable = new Diagnostics();
    const text = existing.read(file.path, unreadable)?.text;
    problems.push(...unreadable.problems);
    if (text === file.content) unchanged.push(file.path);
    else if (text === undefined && problems.length === before) added.push(file);
    else if (text !== undefined) {
      const message =
        'is there already, with other content, and is never written over; accepted: another cohort (--cohort), or remove it first';
      problems.push(problemAt('error', 'conflict', file.path, { line: 1, column: 1 }, [], message));
    }
  }
  return { added, unchanged };
}

/** Renders sessions as the project will have them, and compares each with its original. */
function migratedSessions(
  folder: string,
  project: Documents,
  migrants: readonly Migrant[],
  { files, labs }: Layout,
  problems: Problem[],
): MigratedSession[] {
  const known = new Set(resolveProject(project).problems.map((problem) => JSON.stringify(problem)));
  const loaded = loadProject(folder, changesOf(files));
  const resolved = resolveProject(loaded);
  const fresh = resolved.problems.filter((problem) => isError(problem) && !known.has(JSON.stringify(problem)));
  problems.push(...fresh.filter(({ code }) => !LATER.includes(code)));
  const byName = new Map(resolved.sessions.map((session) => [`${session.cohort}/${session.id}`, session]));
  return migrants.flatMap((migrant) => {
    const session = byName.get(`${migrant.cohort}/${migrant.original.id}`);
    if (session !== undefined) return [migrated(migrant, session, labs.get(migrant) ?? '')];
    // Something that was wrong before holds it up.
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

/** What becomes of the password, and of the namespace. */
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
