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
import type { FileText, Source } from './source';
import { FolderSource } from './folder-source';
import { COHORT_FILE, PROJECT_FILE } from '../api/file-names';
import { cohortDocument, projectDocument } from './schemas';
import { isValidIdentity, withIdentity } from '../api/session-identity';
import { isIdentityOf, splitSessionText } from './session-text';
import { loadSecretFiles, type SecretFiles } from './secret-files';
import { readYaml, type YamlFile } from './yaml';
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
  /**
   * What is left of its text without the identity: sessions with the same text are a class. Absent where the file can only be read by itself,
   * or something in it is wrong.
   */
  readonly classText?: string;
}

export interface LoadedCohort extends Loaded<CohortDocument> {
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
 * @throws DozlabError with code `missing-project` when the folder is not a project at all
 */
export function loadProject(folder: string, changes?: Changes): LoadedProject {
  const files = new FolderSource(folder, changes);
  if (!files.list('.', []).files.includes(PROJECT_FILE)) {
    throw new DozlabError(
      'missing-project',
      `there is no ${PROJECT_FILE} in ${folder}: it is not a Dozlab project; dozlab init makes one`,
    );
  }
  return loadFiles(files);
}

/**
 * Reads a project wherever its files are kept.
 * @param other the same project at another time: its files with the same text are not parsed and checked again
 */
export function loadFiles(source: Source, other?: LoadedProject): LoadedProject {
  const problems: Problem[] = [];
  const parsed = new Map(other === undefined ? [] : filesOf(other).map((file) => [file.path, file]));
  const reading = { source, parsed, classes: new Map(), problems };
  const project = loadFile(reading, PROJECT_FILE, projectDocument);
  const labs = yamlFiles(source, 'labs', problems).map((name) =>
    loadFile(reading, `labs/${name}.yaml`, labDocument, name),
  );
  const cohorts = loadCohorts(reading);
  const secretFiles = loadSecretFiles(source, problems, other?.secretFiles);
  return {
    project,
    labs,
    cohorts,
    secretFiles,
    chartFolders: source.list('charts', problems).folders,
    schemaFiles: source.list('schemas', problems).files,
    problems,
  };
}

/** The files of a project, but for those of passwords. */
export const filesOf = ({ project, labs, cohorts }: LoadedProject): Loaded<unknown>[] => [
  project,
  ...labs,
  ...cohorts.flatMap((cohort) => [cohort, ...cohort.sessions]),
];

/** What files are read with. */
interface Reading {
  readonly source: Source;
  /** Files at another time, by their paths. */
  readonly parsed: ReadonlyMap<string, Loaded<unknown>>;
  /** The first session of each class, by the text of the class. */
  readonly classes: Map<string, SessionClass>;
  /** Gets what is wrong with them. */
  readonly problems: Problem[];
}

interface SessionClass {
  readonly classText: string;
  readonly file: YamlFile;
  readonly document: SessionDocument;
}

function loadCohorts(reading: Reading): LoadedCohort[] {
  const { source, problems } = reading;
  const { folders, files: strays } = source.list('sessions', problems);
  for (const stray of strays.filter(isYamlName))
    misplaced(`sessions/${stray}`, 'belongs in the folder of a cohort: sessions/<cohort>/', problems);
  return folders.flatMap((name, index) => {
    progress('reading cohorts', index, folders.length);
    const folder = `sessions/${name}`;
    const names = yamlFiles(source, folder, problems);
    const ids = names.filter((file) => `${file}.yaml` !== COHORT_FILE);
    const isDeclared = names.length > ids.length;
    if (!isDeclared && ids.length === 0) return [];
    const path = `${folder}/${COHORT_FILE}`;
    const cohort = isDeclared ? loadFile(reading, path, cohortDocument, name) : { name, path };
    const sessions = ids.map((id) => loadSession(reading, `${folder}/${id}.yaml`, id));
    if (!isDeclared) problems.push(...sessions.map((session) => undeclared(session, name)));
    return [{ ...cohort, sessions }];
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

/** @param expectedName what the file is named for where it lies */
function loadFile<T extends z.ZodType>(
  reading: Reading,
  path: string,
  schema: T,
  expectedName?: string,
): Loaded<z.output<T>> {
  const text = reading.source.read(path, reading.problems);
  if (text === undefined) return { name: expectedName ?? path, path };
  return parsedFile(reading, path, text, schema, expectedName);
}

/** Parses and checks a file. */
function parsedFile<T extends z.ZodType>(
  { parsed, problems }: Reading,
  path: string,
  { text, mark }: FileText,
  schema: T,
  expectedName?: string,
): Loaded<z.output<T>> {
  const before = parsed.get(path) as Loaded<z.output<T>> | undefined;
  if (before?.isFlawed === false && before.file?.text === text) return before;
  const name = expectedName ?? path;
  const file = readYaml(path, text);
  if (Array.isArray(file)) {
    problems.push(...file);
    return { name, path };
  }
  const count = problems.length;
  const document = checkedDocument(file, schema, expectedName, problems);
  const isFlawed = problems.length > count;
  return { name, path, file: { ...file, mark }, isFlawed, ...(document === undefined ? {} : { document }) };
}

/** Reads a session. Of the sessions of a class only the first is parsed; of the others no more than the identity is checked. */
function loadSession(reading: Reading, path: string, name: string): LoadedSession {
  const { source, classes, problems } = reading;
  const text = source.read(path, problems);
  if (text === undefined) return { name, path };
  const split = splitSessionText(text.text);
  if (split === undefined) return parsedFile(reading, path, text, sessionDocument, name);
  const { identity } = split;
  const known = classes.get(split.classText);
  if (known !== undefined && identity.name === name && isValidIdentity(identity)) {
    const { classText } = known;
    const document = withIdentity(known.document, identity);
    const content = withIdentity(known.file.content as SessionDocument, identity);
    // What is taken out of the text ends its line, so everything is at the same place.
    const file = { ...known.file, ...text, path, content };
    return { name, path, file, document, isFlawed: false, classText };
  }
  const loaded = parsedFile(reading, path, text, sessionDocument, name);
  const { file, document, isFlawed } = loaded;
  if (file === undefined || document === undefined || isFlawed !== false || !isIdentityOf(split, file)) return loaded;
  const { classText } = split;
  classes.set(classText, { classText, file, document });
  return { ...loaded, classText };
}
