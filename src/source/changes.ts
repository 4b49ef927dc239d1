/** A file that is to be there with a content, or (undefined) no longer. The path is relative to the project. */
export interface FileChange {
  readonly path: string;
  readonly content: string | undefined;
  /** What it held when it was read, or (null) that it was not there. Whoever changes it in between is not overwritten. */
  readonly before?: string | null;
}

/** What a command does to a project's files. */
export interface Change {
  /** In one line, as a commit or a pull request would be named. */
  readonly summary: string;
  readonly files: readonly FileChange[];
}

/** Contents by path, to be read in place of those on the disk. */
export type Changes = ReadonlyMap<string, string | undefined>;

export const changesOf = (files: readonly FileChange[]): Changes =>
  new Map(files.map(({ path, content }) => [path, content]));
