import { secretFile } from '../api/file-names';
import type { Problem } from '../core/diagnostics';
import type { Source } from './source';
import { readYaml, type YamlFile } from './yaml';
import { isYamlName, misplaced, yamlFiles } from './list-yaml';

/** The files in `secrets/` by their paths; of one that cannot be read, undefined. */
export type SecretFiles = ReadonlyMap<string, YamlFile | undefined>;

/**
 * Reads the sealed and encrypted passwords of a project: `secrets/<cohort>/<session>.yaml`.
 * @param others those of another time, which need not be parsed again
 */
export function loadSecretFiles(source: Source, problems: Problem[], others?: SecretFiles): SecretFiles {
  const { folders, files: strays } = source.list('secrets', problems);
  for (const stray of strays.filter(isYamlName))
    misplaced(`secrets/${stray}`, 'belongs in the folder of a cohort: secrets/<cohort>/', problems);
  const paths = folders.flatMap((cohort) =>
    yamlFiles(source, `secrets/${cohort}`, problems).map((session) => secretFile(cohort, session)),
  );
  return new Map(paths.map((path) => [path, loadSecretFile(source, path, problems, others?.get(path))]));
}

function loadSecretFile(
  source: Source,
  path: string,
  problems: Problem[],
  other: YamlFile | undefined,
): YamlFile | undefined {
  const read = source.read(path, problems);
  if (read === undefined) return undefined;
  if (other?.text === read.text) return other;
  const file = readYaml(path, read.text);
  if (!Array.isArray(file)) return { ...file, mark: read.mark };
  problems.push(...file);
  return undefined;
}
