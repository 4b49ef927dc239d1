import type { OutputFile } from './output-file';

/** Makes the content once, at the first read. */
export function lazyFile(path: string, make: () => string): OutputFile {
  let made: string | undefined;
  return {
    path,
    get content() {
      return (made ??= make());
    },
  };
}
