import type { z } from 'zod';
import { DozlabError } from '../core/errors';
import { progress } from '../core/progress';
import type { CohortContent } from '../api/cohort';
import { labDocument } from '../api/lab';
import { sessionDocument, type SessionContent } from '../api/session';
import type { Changes } from './changes';
import { checkDocument } from './check-document';
import {
  type CohortDocument,
  type Document,
  type Documents,
  filesOf,
  missingDocument,
  type SessionDocument,
} from './document';
import { Diagnostics } from '../core/diagnostics';
import type { FileText, Source } from './source';
import { FolderSource } from './folder-source';
import { COHORT_FILE, PROJECT_FILE } from '../api/file-names';
import { cohortDocument, projectDocument } from './schemas';
import { isValidIdentity, withIdentity } from '../api/session-identity';
import { isIdentityOf, splitSessionText } from './session-text';
import { loadSecretFiles } from './secret-files';
import { readYaml, type YamlFile } from './yaml';
import { cohortFolders, yamlFiles } from './list-yaml';

/**
 * Reads a project. Files that cannot be read or are not valid give problems; the others are read all the same.
 * @param changes contents to be read in place of those on the disk
 * @throws DozlabError with code `missing-project` when the folder is not a project at all
 */
export function loadProject(folder: string, changes?: Changes): Documents {
  const files = new FolderSource(folder, changes);
  if (!files.list('.', new Diagnostics()).files.includes(PROJECT_FILE)) {
    throw new DozlabError(
      'missing-project',
      `there is no ${PROJECT_FILE} in ${folder}: it is not a Dozlab project; dozlab init makes one`,
    );
  }
  return loadDocuments(files);
}

/**
 * Reads a project wherever its files are kept.
 * @param other the same project at another time: its files with the same text are not parsed and checked again
 */
export function loadDocuments(source: Source, other?: Documents): Documents {
  const diagnostics = new Diagnostics();
  const parsed = new Map(other === undefined ? [] : filesOf(other).map((file) => [file.path, file]));
  const reading = { source, parsed, classes: new Map(), diagnostics };
  const project = loadFile(reading, PROJECT_FILE, projectDocument);
  const labs = yamlFiles(source, 'labs', diagnostics).map((name) =>
    loadFile(reading, `labs/${name}.yaml`, labDocument, name),
  );
  const cohorts = loadCohorts(reading);
  const secretFiles = loadSecretFiles(source, diagnostics, other?.secretFiles);
  return {
    project,
    labs,
    cohorts,
    secretFiles,
    chartFolders: source.list('charts', diagnostics).folders,
    schemaFiles: source.list('schemas', diagnostics).files,
    problems: diagnostics.problems,
  };
}

/** What files are read with. */
interface Reading {
  readonly source: Source;
  /** Files at another time, by their paths. */
  readonly parsed: ReadonlyMap<string, Document<unknown>>;
  /** The first session of each class, by the text of the class. */
  readonly classes: Map<string, SessionClass>;
  readonly diagnostics: Diagnostics;
}

interface SessionClass {
  readonly classText: string;
  readonly file: YamlFile;
  readonly value: SessionContent;
}

function loadCohorts(reading: Reading): CohortDocument[] {
  const { source, diagnostics } = reading;
  const folders = cohortFolders(source, 'sessions', diagnostics);
  return folders.flatMap((name, index) => {
    progress('reading cohorts', index, folders.length);
    const folder = `sessions/${name}`;
    const names = yamlFiles(source, folder, diagnostics);
    const ids = names.filter((file) => `${file}.yaml` !== COHORT_FILE);
    const isDeclared = names.length > ids.length;
    if (!isDeclared && ids.length === 0) return [];
    const path = `${folder}/${COHORT_FILE}`;
    const cohort = isDeclared
      ? loadFile(reading, path, cohortDocument, name)
      : missingDocument<CohortContent>(name, path);
    const sessions = ids.map((id) => loadSession(reading, `${folder}/${id}.yaml`, id));
    const undeclared = `is in the cohort ${name}, which is not declared; accepted: a folder that holds ${COHORT_FILE}`;
    if (!isDeclared) for (const session of sessions) diagnostics.error(session.path, [], 'unknown-cohort', undeclared);
    return [{ ...cohort, sessions }];
  });
}

/** @param expectedName what the file is named for where it lies */
function loadFile<T extends z.ZodType>(
  reading: Reading,
  path: string,
  schema: T,
  expectedName?: string,
): Document<z.output<T>> {
  const text = reading.source.read(path, reading.diagnostics);
  if (text === undefined) return missingDocument(expectedName ?? path, path);
  return parsedFile(reading, path, text, schema, expectedName);
}

/** Parses and checks a file. */
function parsedFile<T extends z.ZodType>(
  { parsed, diagnostics }: Reading,
  path: string,
  { text, mark }: FileText,
  schema: T,
  expectedName?: string,
): Document<z.output<T>> {
  const before = parsed.get(path) as Document<z.output<T>> | undefined;
  if (before?.isFlawed === false && before.file?.text === text) return before;
  const name = expectedName ?? path;
  const file = readYaml(path, text, diagnostics);
  if (file === undefined) return missingDocument(name, path);
  const { value, problems } = checkDocument(file, schema, expectedName);
  for (const problem of problems) diagnostics.report(file, problem);
  const isFlawed = problems.length > 0;
  const { locate } = file;
  return { name, path, file: { ...file, mark }, locate, isFlawed, ...(value === undefined ? {} : { value }) };
}

/** Reads a session. Of the sessions of a class only the first is parsed; of the others no more than the identity is checked. */
function loadSession(reading: Reading, path: string, name: string): SessionDocument {
  const { source, classes, diagnostics } = reading;
  const text = source.read(path, diagnostics);
  if (text === undefined) return missingDocument(name, path);
  const split = splitSessionText(text.text);
  if (split === undefined) return parsedFile(reading, path, text, sessionDocument, name);
  const { identity } = split;
  const known = classes.get(split.classText);
  if (known !== undefined && identity.name === name && isValidIdentity(identity)) {
    const { classText } = known;
    const value = withIdentity(known.value, identity);
    const content = withIdentity(known.file.content as SessionContent, identity);
    // What is taken out of the text ends its line, so everything is at the same place.
    const file = { ...known.file, ...text, path, content };
    return { name, path, file, value, locate: file.locate, isFlawed: false, classText };
  }
  const loaded = parsedFile(reading, path, text, sessionDocument, name);
  const { file, value, isFlawed } = loaded;
  if (file === undefined || value === undefined || isFlawed !== false || !isIdentityOf(split, file)) return loaded;
  const { classText } = split;
  classes.set(classText, { classText, file, value });
  return { ...loaded, classText };
}
