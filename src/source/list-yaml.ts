import type { Diagnostics } from '../core/diagnostics';
import type { Source } from './source';

export const isYamlName = (name: string): boolean => /\.(yaml|yml|json)$/.test(name);

/** The names, without ending, of the YAML files of a folder that can hold nothing else. */
export function yamlFiles(source: Source, folder: string, diagnostics: Diagnostics): string[] {
  const listing = source.list(folder, diagnostics);
  const misplaced = (name: string, message: string): void => {
    diagnostics.error(`${folder}/${name}`, [], 'misplaced', message);
  };
  for (const name of listing.folders)
    misplaced(name, 'is a folder where only files are read; accepted: files with the ending .yaml');
  return listing.files.filter(isYamlName).flatMap((name) => {
    if (name.endsWith('.yaml')) return [name.slice(0, -'.yaml'.length)];
    misplaced(name, 'is not read; accepted: the ending .yaml');
    return [];
  });
}

/** The folders of a folder that holds one for each cohort. */
export function cohortFolders(source: Source, folder: string, diagnostics: Diagnostics): readonly string[] {
  const { folders, files } = source.list(folder, diagnostics);
  const message = `belongs in the folder of a cohort: ${folder}/<cohort>/`;
  for (const name of files.filter(isYamlName)) diagnostics.error(`${folder}/${name}`, [], 'misplaced', message);
  return folders;
}
