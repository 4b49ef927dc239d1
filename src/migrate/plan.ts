import type { Documents } from '../source/document';
import { loadProject } from '../source/load-project';
import { Diagnostics, isError, type Problem } from '../core/diagnostics';
import { changesOf, type FileChange } from '../source/changes';
import { FolderSource } from '../source/folder-source';
import { resolveProject } from '../resolve/resolve';
import type { Session } from '../model/session';
import { renderSession } from '../manifests/lab-session-chart';
import type { OutputFile } from '@dozlab/charts';
import { withoutSecrets } from '../core/redact';
import { cohortOf, cohortProblems } from './cohorts';
import { compareObjects, type Difference } from './compare';
import { fit } from './fit';
import { readInputs, type Inputs } from './read-files';
import { maskPasswords } from './read-sessions';
import { layOut, type Layout, type Migrant } from './layout';
import type { Form, FilePosition } from './original';
import { readOriginals } from './read-sessions';
import { reasonOf } from './compare';

export interface MigratedSession {
  readonly cohort: string;
  readonly id: string;
  readonly userId: string;
  readonly lab: string;
  readonly namespace: string;
  readonly form: Form;
  readonly from: FilePosition;
  /** @default none: the input does not contain it */
  readonly oldNamespace?: string;
  readonly release?: string;
  readonly provider: string;
  readonly differences: readonly Difference[];
}

/** With an error among the problems there are no files. */
export interface Migration {
  readonly files: readonly FileChange[];
  readonly unchanged: readonly string[];
  readonly sessions: readonly MigratedSession[];
  readonly problems: readonly Problem[];
}

export interface MigrationOptions extends Inputs {
  /** @default one for each namespace */
  readonly cohort?: string | undefined;
}

/** Errors that people fix after the migration. */
const LATER: readonly Problem['code'][] = ['missing-secret'];

/**
 * Writes nothing.
 * @throws DozlabError with code `missing-project` when the folder is not a project
 */
export function planMigration(folder: string, options: MigrationOptions): Migration {
  const project = loadProject(folder);
  const diagnostics = new Diagnostics();
  const migrants = readMigrants(project, options, diagnostics);
  const plan = migrants === undefined ? undefined : planFiles(folder, project, migrants, diagnostics);
  const { problems } = diagnostics;
  if (plan === undefined || diagnostics.hasErrors) return { files: [], unchanged: [], sessions: [], problems };
  return { ...plan, problems };
}

function planFiles(
  folder: string,
  project: Documents,
  migrants: readonly Migrant[],
  diagnostics: Diagnostics,
): Omit<Migration, 'problems'> | undefined {
  const layout = layOut(project, migrants);
  const files = compareFiles(folder, layout.files, diagnostics);
  if (files === undefined) return undefined;
  return { ...files, sessions: migratedSessions(folder, project, migrants, layout, diagnostics) };
}

/** @returns undefined with an error */
function readMigrants(project: Documents, options: MigrationOptions, diagnostics: Diagnostics): Migrant[] | undefined {
  // The values of dozlab.yaml are part of every comparison.
  diagnostics.add(project.problems.filter(({ file }) => file === project.project.path));
  const items = readInputs(options, diagnostics);
  maskPasswords(items);
  const originals = readOriginals(items, diagnostics);
  if (originals.length === 0 && !diagnostics.problems.some(isError)) {
    for (const file of options.files) diagnostics.error(file, [], 'missing', 'has no lab session in a supported form');
  }
  diagnostics.add(cohortProblems(project, originals, options.cohort));
  const migrants = originals.flatMap((original): Migrant[] => {
    const { values, problems } = fit(original);
    diagnostics.add(problems);
    const cohort = cohortOf(project, original, options.cohort);
    const { namespace } = original;
    return values === undefined
      ? []
      : [{ original, values, cohort, ...(namespace === undefined ? {} : { namespace }) }];
  });
  return diagnostics.hasErrors ? undefined : migrants;
}

function compareFiles(folder: string, files: readonly OutputFile[], diagnostics: Diagnostics) {
  const existing = new FolderSource(folder);
  const added: FileChange[] = [];
  const unchanged: string[] = [];
  for (const file of files) {
    if (withoutSecrets(file.content) !== file.content) {
      const message = 'would contain a password of the input. Fix: use an id, a user and values without it';
      diagnostics.error(file.path, [], 'secret-in-file', message);
    }
    const unreadable = new Diagnostics();
    const text = existing.read(file.path, unreadable)?.text;
    diagnostics.add(unreadable.problems);
    if (text === file.content) unchanged.push(file.path);
    else if (text === undefined && !unreadable.hasErrors) added.push({ ...file, before: null });
    else if (text !== undefined) {
      const message =
        'exists with other content, and migrate overwrites no file. Fix: use another --cohort, or remove the file';
      diagnostics.error(file.path, [], 'conflict', message);
    }
  }
  return diagnostics.hasErrors ? undefined : { files: added, unchanged };
}

function migratedSessions(
  folder: string,
  project: Documents,
  migrants: readonly Migrant[],
  { files, labs }: Layout,
  diagnostics: Diagnostics,
): MigratedSession[] {
  const before = new Set(resolveProject(project).problems.map((problem) => JSON.stringify(problem)));
  const loaded = loadProject(folder, changesOf(files));
  const resolved = resolveProject(loaded);
  const fresh = resolved.problems.filter((problem) => isError(problem) && !before.has(JSON.stringify(problem)));
  diagnostics.add(fresh.filter(({ code }) => !LATER.includes(code)));
  const byName = new Map(resolved.sessions.map((session) => [`${session.cohort}/${session.id}`, session]));
  return migrants.flatMap((migrant) => {
    const session = byName.get(`${migrant.cohort}/${migrant.original.id}`);
    if (session !== undefined) return [migrated(migrant, session, labs.get(migrant) ?? '')];
    // An earlier error of the project prevents the session.
    diagnostics.add(resolved.problems.filter((problem) => isError(problem) && !LATER.includes(problem.code)));
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
