import { secretFile } from '../api/file-names';
import type { Diagnostics } from '../core/diagnostics';
import { cohortFolders, yamlFiles } from './list-yaml';
import type { Source } from './source';
import { readYaml, type YamlFile } from './yaml';

/** The files in `secrets/` by their paths; of one that cannot be read, undefined. */
export type SecretFiles = ReadonlyMap<string, YamlFile | undefined>;

/**
 * Reads the sealed and encrypted passwords of a project: `secrets/<cohort>/<session>.yaml`.
 * @param others files of another time, which are not parsed again when the text is the same
 */
export function loadSecretFiles(source: Source, diagnostics: Diagnostics, others?: SecretFiles): SecretFiles {
  const paths = cohortFolders(source, 'secrets', diagnostics).flatMap((cohort) =>
    yamlFiles(source, `secrets/${cohort}`, diagnostics).map((session) => secretFile(cohort, session)),
  );
  return new Map(paths.map((path) => [path, loadSecretFile(source, path, diagnostics, others?.get(path))]));
}

function loadSecretFile(
  source: Source,
  path: string,
  diagnostics: Diagnostics,
  other: YamlFile | undefined,
): YamlFile | undefined {
  const read = source.read(path, diagnostics);
  if (read === undefined) return undefined;
  if (other?.text === read.text) return other;
  const file = readYaml(path, read.text, diagnostics);
  return file && { ...file, mark: read.mark };
}
