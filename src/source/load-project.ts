import type { z } from 'zod';
import { DozlabError } from '../core/errors';
import { progress } from '../core/progress';
import type { CohortContent } from '../api/cohort';
import { labDocument } from '../api/lab';
import { sessionDocument, type SessionContent } from '../api/session';
import type { Changes } from './changes';
import { checkedDocument } from './check-document';
import {
  type CohortDocument,
  type Document,
  type Documents,
  filesOf,
  missingDocument,
  type SessionDocument,
} from './document';
import { problemAt, type Problem } from '../core/diagnostics';
import type { FileText, Source } from './source';
import { FolderSource } from './folder-source';
import { COHORT_FILE, PROJECT_FILE } from '../api/file-names';
import { cohortDocument, projectDocument } from './schemas';
import { isValidIdentity, withIdentity } from '../api/session-identity';
import { isIdentityOf, splitSessionText } from './session-text';
import { loadSecretFiles } from './secret-files';
import { readYaml, type YamlFile } from './yaml';
import { isYamlName, misplaced, yamlFiles } from './list-yaml';

/**
 * Reads a project. Files that cannot be read or are not valid give problems; the others are read all the same.
 * @param changes contents to be read in place of those on the disk
 * @throws DozlabError with code `missing-project` when the folder is not a project at all
 */
export function loadProject(folder: string, changes?: Changes): Documents {
  const files = new FolderSource(folder, changes);
  if (!files.list('.', []).files.includes(PROJECT_FILE)) {
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

/** What files are read with. */
interface Reading {
  readonly source: Source;
  /** Files at another time, by their paths. */
  readonly parsed: ReadonlyMap<string, Document<unknown>>;
  /** The first session of each class, by the text of the class. */
  readonly classes: Map<string, SessionClass>;
  /** Gets what is wrong with them. */
  readonly problems: Problem[];
}

interface SessionClass {
  readonly classText: string;
  readonly file: YamlFile;
  readonly value: SessionContent;
}

function loadCohorts(reading: Reading): CohortDocument[] {
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
    const cohort = isDeclared
      ? loadFile(reading, path, cohortDocument, name)
      : missingDocument<CohortContent>(name, path);
    const sessions = ids.map((id) => loadSession(reading, `${folder}/${id}.yaml`, id));
    if (!isDeclared) problems.push(...sessions.map((session) => undeclared(session, name)));
    return [{ ...cohort, sessions }];
  });
}

const undeclared = ({ path }: SessionDocument, cohort: string): Problem =>
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
): Document<z.output<T>> {
  const text = reading.source.read(path, reading.problems);
  if (text === undefined) return missingDocument(expectedName ?? path, path);
  return parsedFile(reading, path, text, schema, expectedName);
}

/** Parses and checks a file. */
function parsedFile<T extends z.ZodType>(
  { parsed, problems }: Reading,
  path: string,
  { text, mark }: FileText,
  schema: T,
  expectedName?: string,
): Document<z.output<T>> {
  const before = parsed.get(path) as Document<z.output<T>> | undefined;
  if (before?.isFlawed === false && before.file?.text === text) return before;
  const name = expectedName ?? path;
  const file = readYaml(path, text);
  if (Array.isArray(file)) {
    problems.push(...file);
    return missingDocument(name, path);
  }
  const count = problems.length;
  const value = checkedDocument(file, schema, expectedName, problems);
  const isFlawed = problems.length > count;
  const { locate } = file;
  return { name, path, file: { ...file, mark }, locate, isFlawed, ...(value === undefined ? {} : { value }) };
}

/** Reads a session. Of the sessions of a class only the first is parsed; of the others no more than the identity is checked. */
function loadSession(reading: Reading, path: string, name: string): SessionDocument {
  const { source, classes, problems } = reading;
  const text = source.read(path, problems);
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
