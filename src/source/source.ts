import type { Problem } from '../core/diagnostics';
import type { YamlFile } from './yaml';

/** What a folder holds: files and folders by name, in order, without hidden ones. */
export interface Listing {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/** The files of a project, wherever they are kept. Paths are relative to the project. */
export interface ProjectFiles {
  /** What a folder holds; nothing when there is no such folder. */
  list(folder: string, problems: Problem[]): Listing;
  /**
   * Reads a YAML file; undefined when it cannot be read, with what is wrong added to the problems.
   * @param known the file as it was read elsewhere, which is given again where its text is the same
   */
  read(path: string, problems: Problem[], known?: YamlFile): YamlFile | undefined;
}
