import type { CohortContent } from '../api/cohort';
import { COHORT_FILE, PROJECT_FILE, secretFile } from '../api/file-names';
import { labDocument } from '../api/lab';
import { Diagnostics } from '../core/diagnostics';
import { DozlabError } from '../core/errors';
import { FLUX_FOLDER, OUTPUT_FOLDER } from '../model/project';
import { progress } from '../core/progress';
import { CachedSource, type CachedFiles, type Source } from './source';
import type { Changes } from './changes';
import { type CohortDocument, type Documents, missingDocument, type SecretFiles } from './document';
import { FolderSource } from './folder-source';
import { DocumentLoader } from './load-document';
import { cohortDocument, projectDocument } from './schemas';

/**
 * Reads the project in a folder.
 * @throws DozlabError with code `missing-project` if the folder has no dozlab.yaml
 */
export function loadProject(folder: string, changes?: Changes, cached?: CachedFiles): Documents {
  const source = new FolderSource(folder, changes);
  if (!source.list('.', new Diagnostics()).files.includes(PROJECT_FILE)) {
    throw new DozlabError(
      'missing-project',
      `there is no ${PROJECT_FILE} in ${folder}: it is not a Dozlab project; dozlab init makes one`,
    );
  }
  return loadDocuments(cached === undefined ? source : new CachedSource(source, cached));
}

/**
 * Reports unreadable and invalid files and continues.
 * @param other files with equal text are not parsed again
 */
export function loadDocuments(source: Source, other?: Documents): Documents {
  const diagnostics = new Diagnostics();
  const folders = new ProjectFolders(source, diagnostics);
  const loader = new DocumentLoader(source, diagnostics, other);
  checkFolderNames(source, diagnostics);
  return {
    project: loader.load(PROJECT_FILE, projectDocument),
    labs: folders.yamlFiles('labs').map((name) => loader.load(`labs/${name}.yaml`, labDocument, name)),
    cohorts: loadCohorts(folders, loader, diagnostics),
    secretFiles: loadSecrets(folders, loader),
    chartFolders: source.list('charts', diagnostics).folders,
    schemaFiles: source.list('schemas', diagnostics).files,
    problems: diagnostics.problems,
  };
}

function loadCohorts(folders: ProjectFolders, loader: DocumentLoader, diagnostics: Diagnostics): CohortDocument[] {
  const cohorts = folders.ofCohorts('sessions');
  return cohorts.flatMap((name, index) => {
    progress('reading cohorts', index, cohorts.length);
    const folder = `sessions/${name}`;
    const names = folders.yamlFiles(folder);
    const ids = names.filter((file) => `${file}.yaml` !== COHORT_FILE);
    const isDeclared = names.length > ids.length;
    if (!isDeclared && ids.length === 0) return [];
    const path = `${folder}/${COHORT_FILE}`;
    const cohort = isDeclared ? loader.load(path, cohortDocument, name) : missingDocument<CohortContent>(name, path);
    const sessions = ids.map((id) => loader.loadSession(`${folder}/${id}.yaml`, id));
    const undeclared = `is in the cohort ${name}, which is not declared; accepted: a folder that holds ${COHORT_FILE}`;
    if (!isDeclared) for (const session of sessions) diagnostics.error(session.path, [], 'unknown-cohort', undeclared);
    return [{ ...cohort, sessions }];
  });
}

const loadSecrets = (folders: ProjectFolders, loader: DocumentLoader): SecretFiles =>
  new Map(
    folders
      .ofCohorts('secrets')
      .flatMap((cohort) => folders.yamlFiles(`secrets/${cohort}`).map((session) => secretFile(cohort, session)))
      .map((path) => [path, loader.loadSecret(path)]),
  );

/** Also with the ending that editors of Windows add. */
const isYamlName = (name: string): boolean => /\.(ya?ml|json)(\.txt)?$/i.test(name);

const FOLDERS = ['sessions', 'labs', 'secrets', 'charts', 'schemas', OUTPUT_FOLDER, FLUX_FOLDER];

/** File systems of Windows and macOS take them for one folder; on Linux, where Flux runs, nothing reads the other one. */
function checkFolderNames(source: Source, diagnostics: Diagnostics): void {
  for (const name of source.list('.', diagnostics).folders) {
    const meant = FOLDERS.find((folder) => folder === name.toLowerCase() && folder !== name);
    if (meant !== undefined)
      diagnostics.error(name, [], 'misplaced', `differs from ${meant}/ in upper and lower case only, so Linux does not read it. Fix: rename it to ${meant}`); // prettier-ignore
  }
}

class ProjectFolders {
  constructor(
    private readonly source: Source,
    private readonly diagnostics: Diagnostics,
  ) {}

  /** Without extension. */
  yamlFiles(folder: string): string[] {
    const { folders, files } = this.source.list(folder, this.diagnostics);
    for (const name of folders)
      this.misplaced(
        `${folder}/${name}`,
        'is a folder where only files are read; accepted: files with the ending .yaml',
      );
    return files.filter(isYamlName).flatMap((name) => {
      if (name.endsWith('.yaml')) return [name.slice(0, -'.yaml'.length)];
      this.misplaced(`${folder}/${name}`, 'is not read; accepted: the ending .yaml');
      return [];
    });
  }

  /** One for each cohort. */
  ofCohorts(folder: string): readonly string[] {
    const { folders, files } = this.source.list(folder, this.diagnostics);
    for (const name of files.filter(isYamlName))
      this.misplaced(`${folder}/${name}`, `belongs in the folder of a cohort: ${folder}/<cohort>/`);
    return folders;
  }

  private misplaced(path: string, message: string): void {
    this.diagnostics.error(path, [], 'misplaced', message);
  }
}
