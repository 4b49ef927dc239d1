import { problemAt, type Problem } from '../core/diagnostics';
import type { Source } from './source';

export const isYamlName = (name: string): boolean => /\.(yaml|yml|json)$/.test(name);

/** Adds that something lies where nothing reads it. */
export function misplaced(path: string, message: string, problems: Problem[]): void {
  problems.push(problemAt('error', 'misplaced', path, { line: 1, column: 1 }, [], message));
}

/** The names, without ending, of the YAML files of a folder that can hold nothing else. */
export function yamlFiles(source: Source, folder: string, problems: Problem[]): string[] {
  const listing = source.list(folder, problems);
  for (const name of listing.folders)
    misplaced(
      `${folder}/${name}`,
      'is a folder where only files are read; accepted: files with the ending .yaml',
      problems,
    );
  return listing.files.filter(isYamlName).flatMap((name) => {
    if (name.endsWith('.yaml')) return [name.slice(0, -'.yaml'.length)];
    misplaced(`${folder}/${name}`, 'is not read; accepted: the ending .yaml', problems);
    return [];
  });
}
