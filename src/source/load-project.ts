import type { z } from 'zod';
import { DozlabError } from '../core/errors';
import { progress } from '../core/progress';
import type { CohortDocument } from '../api/cohort';
import { labDocument, type LabDocument } from '../api/lab';
import type { ProjectDocument } from '../api/project';
import { sessionDocument, type SessionDocument } from '../api/session';
import type { Changes } from './changes';
import { checkedDocument } from './check-document';
import { problemAt, type Problem } from '../core/diagnostics';
import type { ProjectFiles } from './source';
import { ProjectFolder } from './folder-source';
import { COHORT_FILE, PROJECT_FILE } from '../api/file-names';
import { cohortDocument, projectDocument } from './schemas';
import { SessionForms } from './seen-documents';
import { loadSecretFiles, type SecretFiles } from './secret-files';
import type { Sources } from '../cache/sources';
import type { YamlFile } from './yaml';
import { isYamlName, misplaced, yamlFiles } from './list-yaml';

/** A file of a project with what it says. `document` is absent when the file is there but not valid. */
export interface Loaded<T> {
  readonly name: string;
  readonly path: string;
  readonly file?: YamlFile;
  readonly document?: T;
  /** Whether something in the file is wrong, and `document` lacks it. */
  readonly isFlawed?: boolean;
}

/** A session's file. */
export interface LoadedSession extends Loaded<SessionDocument> {
  /** Of a file that was known: what its output was made of beside it. */
  readonly sources?: Sources;
}

/** A cohort with its sessions, which are read when they are asked for first (see `openProject`). */
export interface LoadedCohort extends Loaded<CohortDocument> {
  /** How many sessions it has. */
  readonly size: number;
  readonly sessions: readonly LoadedSession[];
}

/** A project as it lies on disk, with everything that is wrong with single files. */
export interface LoadedProject {
  readonly project: Loaded<ProjectDocument>;
  readonly labs: readonly Loaded<LabDocument>[];
  readonly cohorts: readonly LoadedCohort[];
  readonly secretFiles: SecretFiles;
  /** Names of the folders in charts/, which keep charts that releases stay at. */
  readonly chartFolders: readonly string[];
  /** Names of the files in schemas/, which editors check files by. */
  readonly schemaFiles: readonly string[];
  readonly problems: readonly Problem[];
}

/**
 * Reads a project. Files that cannot be read or are not valid give problems; the others are read all the same.
 * @param changes contents to be read in place of those on the disk
 * @param known files as they were read before: those that are still the same are not read again
 * @throws DozlabError with code `missing-project` when the folder is not a project at all
 */
export const loadProject = (folder: string, changes?: Changes, known?: Known): LoadedProject =>
  whole(openProject(folder, changes, known));

/** The same, but that the sessions of a cohort are not read before somebody asks for them: for whoever looks at one cohort after the other. */
export function openProject(folder: string, changes?: Changes, known?: Known): LoadedProject {
  const files = new ProjectFolder(folder, changes);
  if (!files.list('.', []).files.includes(PROJECT_FILE)) {
    throw new DozlabError(
      'missing-project',
      `there is no ${PROJECT_FILE} in ${folder}: it is not a Dozlab project; dozlab init makes one`,
    );
  }
  return openFiles(files, known);
}

/**
 * Reads a project wherever its files are kept.
 * @param known its files at another time: those that are the same are not read and checked again
 */
export const loadFiles = (files: ProjectFiles, known?: Known, secrets?: SecretFiles): LoadedProject =>
  whole(openFiles(files, known, secrets));

/** A project of which everything is read. */
function whole(project: LoadedProject): LoadedProject {
  filesOf(project);
  return project;
}

function openFiles(files: ProjectFiles, known: Known = new Map(), secrets?: SecretFiles): LoadedProject {
  const problems: Problem[] = [];
  const reading = { files, known, problems };
  const project = loadFile(reading, PROJECT_FILE, projectDocument);
  const labs = yamlFiles(files, 'labs', problems).map((name) =>
    loadFile(reading, `labs/${name}.yaml`, labDocument, name),
  );
  const cohorts = loadCohorts(reading);
  const secretFiles = loadSecretFiles(files, problems, secrets);
  return {
    project,
    labs,
    cohorts,
    secretFiles,
    chartFolders: files.list('charts', problems).folders,
    schemaFiles: files.list('schemas', problems).files,
    problems,
  };
}

/**
 * Reads what one session is made of, and nothing else.
 * @param lab another one to be read beside the session's own
 */
export function loadPart(files: ProjectFiles, cohort: string, session: string, lab?: string): LoadedProject {
  const problems: Problem[] = [];
  const reading = { files, known: new Map(), problems };
  const load = <T extends z.ZodType>(path: string, schema: T, name?: string) => loadFile(reading, path, schema, name);
  const loaded = load(`sessions/${cohort}/${session}.yaml`, sessionDocument, session);
  const labs = new Set([lab, loaded.document?.spec.lab].filter((name) => name !== undefined));
  return {
    project: load(PROJECT_FILE, projectDocument),
    labs: Array.from(labs, (name) => load(`labs/${name}.yaml`, labDocument, name)),
    cohorts: [{ ...load(`sessions/${cohort}/${COHORT_FILE}`, cohortDocument, cohort), size: 1, sessions: [loaded] }],
    secretFiles: new Map(),
    chartFolders: [],
    schemaFiles: [],
    problems,
  };
}

/** Files of a project at another time, by their paths. */
export type Known = ReadonlyMap<string, Loaded<unknown>>;

/** What is known of a project that was read. */
export const knownOf = (project: LoadedProject): Known => new Map(filesOf(project).map((file) => [file.path, file]));

/** The files of a project, but for those of passwords. */
export const filesOf = ({ project, labs, cohorts }: LoadedProject): Loaded<unknown>[] => [
  project,
  ...labs,
  ...cohorts.flatMap((cohort) => [cohort, ...cohort.sessions]),
];

/** What files are read with. */
interface Reading {
  readonly files: ProjectFiles;
  readonly known: Known;
  /** Gets what is wrong with them. */
  readonly problems: Problem[];
}

function loadCohorts(reading: Reading): LoadedCohort[] {
  const { files, problems } = reading;
  const forms = new SessionForms();
  const { folders, files: strays } = files.list('sessions', problems);
  for (const stray of strays.filter(isYamlName))
    misplaced(`sessions/${stray}`, 'belongs in the folder of a cohort: sessions/<cohort>/', problems);
  return folders.flatMap((name, index) => {
    const folder = `sessions/${name}`;
    const names = yamlFiles(files, folder, problems);
    const ids = names.filter((file) => `${file}.yaml` !== COHORT_FILE);
    const isDeclared = names.length > ids.length;
    if (!isDeclared && ids.length === 0) return [];
    const path = `${folder}/${COHORT_FILE}`;
    const cohort = isDeclared ? loadFile(reading, path, cohortDocument, name) : { name, path };
    let sessions: LoadedSession[] | undefined;
    const read = (): LoadedSession[] => {
      progress('reading cohorts', index, folders.length);
      const all = ids.map((id) => loadFile(reading, `${folder}/${id}.yaml`, sessionDocument, id, forms));
      if (!isDeclared) problems.push(...all.map((session) => undeclared(session, name)));
      return all;
    };
    return [
      {
        ...cohort,
        size: ids.length,
        get sessions() {
          return (sessions ??= read());
        },
      },
    ];
  });
}

const undeclared = ({ path }: LoadedSession, cohort: string): Problem =>
  problemAt(
    'error',
    'unknown-cohort',
    path,
    { line: 1, column: 1 },
    [],
    `is in the cohort ${cohort}, which is not declared; accepted: a folder that holds ${COHORT_FILE}`,
  );

/**
 * Reads a file.
 * @param expectedName what it is named for where it lies
 * @param forms of files of sessions, for one of these
 */
function loadFile<T extends z.ZodType>(
  { files, known: others, problems }: Reading,
  path: string,
  schema: T,
  expectedName?: string,
  forms?: SessionForms,
): Loaded<z.output<T>> {
  const name = expectedName ?? path;
  const known = others.get(path) as Loaded<z.output<T>> | undefined;
  const file = files.read(path, problems, known?.file);
  if (file === undefined) return { name, path };
  if (file === known?.file && known.isFlawed === false) return known;
  const right = forms?.document(file, name) as z.output<T> | undefined;
  if (right !== undefined) return { name, path, file, isFlawed: false, document: right };
  const before = problems.length;
  const document = checkedDocument(file, schema, expectedName, problems);
  const isFlawed = problems.length > before;
  if (!isFlawed) forms?.add(file);
  return { name, path, file, isFlawed, ...(document === undefined ? {} : { document }) };
}
