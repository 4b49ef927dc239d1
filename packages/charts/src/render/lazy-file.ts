import type { OutputFile } from './output-file';

/**
 * A file of which the content is made when it is asked for, once.
 * @param isKnown whether it is made of the same as when it was written last
 */
export function lazyFile(path: string, make: () => string, isKnown: boolean): OutputFile {
  let made: string | undefined;
  return {
    path,
    isKnown,
    get content() {
      return (made ??= make());
    },
  };
}
