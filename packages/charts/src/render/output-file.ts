/** A path below the output folder, with `/` between its parts, and its content. */
export interface OutputFile {
  readonly path: string;
  readonly content: string;
}
