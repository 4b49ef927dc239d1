/** A file to write, or with undefined content to remove. */
export interface FileChange {
  readonly path: string;
  readonly content: string | undefined;
  /** The content when it was read, null without file. A file that changed since then is not overwritten. @default any */
  readonly before?: string | null;
}

export interface Change {
  /** One line: the subject of a commit or the title of a pull request. */
  readonly summary: string;
  readonly files: readonly FileChange[];
}

/** Contents by path, in place of those on the disk. */
export type Changes = ReadonlyMap<string, string | undefined>;

export const changesOf = (files: readonly FileChange[]): Changes =>
  new Map(files.map(({ path, content }) => [path, content]));
