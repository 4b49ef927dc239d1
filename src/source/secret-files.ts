import { secretFile } from '../api/file-names';
import type { Problem } from '../core/diagnostics';
import type { ProjectFiles } from './source';
import type { YamlFile } from './yaml';
import { isYamlName, misplaced, yamlFiles } from './list-yaml';

/** The files in `secrets/` by their paths; of one that cannot be read, undefined. */
export type SecretFiles = ReadonlyMap<string, YamlFile | undefined>;

/**
 * Reads the sealed and encrypted passwords of a project: `secrets/<cohort>/<session>.yaml`.
 * @param known those of another time
 */
export function loadSecretFiles(files: ProjectFiles, problems: Problem[], known?: SecretFiles): SecretFiles {
  const { folders, files: strays } = files.list('secrets', problems);
  for (const stray of strays.filter(isYamlName))
    misplaced(`secrets/${stray}`, 'belongs in the folder of a cohort: secrets/<cohort>/', problems);
  const paths = folders.flatMap((cohort) =>
    yamlFiles(files, `secrets/${cohort}`, problems).map((session) => secretFile(cohort, session)),
  );
  return new Map(paths.map((path) => [path, files.read(path, problems, known?.get(path))]));
}
