/** A file to be written: a path below the output folder, with `/` between its parts, and its content. */
export interface OutputFile {
  readonly path: string;
  readonly content: string;
  /** Of a file of a session: whether it is made of the same as when it was written last. */
  readonly isKnown?: boolean;
}
