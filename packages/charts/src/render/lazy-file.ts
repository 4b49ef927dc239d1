import type { OutputFile } from './output-file';

/** A file of which the content is made when it is asked for, once. */
export function lazyFile(path: string, make: () => string): OutputFile {
  let made: string | undefined;
  return {
    path,
    get content() {
      return (made ??= make());
    },
  };
}
