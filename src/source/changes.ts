/** Undefined removes the file. */
export interface FileChange {
  readonly path: string;
  readonly content: string | undefined;
  /** Null without a file. A file that changed since is not overwritten. @default any */
  readonly before?: string | null;
}

export interface Change {
  /** One line. */
  readonly summary: string;
  /** More lines for the commit. */
  readonly details?: string;
  readonly files: readonly FileChange[];
}

export type Changes = ReadonlyMap<string, string | undefined>;

export const changesOf = (files: readonly FileChange[]): Changes =>
  new Map(files.map(({ path, content }) => [path, content]));
