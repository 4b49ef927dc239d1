import type { OutputFile } from './output-file';

/** A file of which the content is made when it is asked for, once. */
export class LazyFile implements OutputFile {
  private made: string | undefined;

  /**
   * @param isKnown whether it is made of the same as when it was written last
   */
  constructor(
    readonly path: string,
    private readonly make: () => string,
    readonly isKnown = false,
  ) {}

  get content(): string {
    return (this.made ??= this.make());
  }
}
