import { lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { removeEmptyFolders } from '../core/empty-folders';
import { statOf } from '../core/safe-path';

/** Files as they were. */
export interface KeptFiles {
  /** Makes them so again. */
  restore(): void;
}

/** Remembers files of a project, those that are not there as well, before they are changed. */
export function keepFiles(project: string, paths: readonly string[]): KeptFiles {
  const kept = paths.map((path) => {
    const place = join(project, path);
    const isFile = statOf(place)?.isFile() === true;
    return { path, place, ...(isFile ? { content: readFileSync(place), mode: lstatSync(place).mode } : {}) };
  });
  return {
    restore() {
      for (const { path, place, content, mode } of kept) {
        if (content !== undefined) {
          mkdirSync(dirname(place), { recursive: true });
          if (!isSame(place, content)) writeFileSync(place, content, { mode });
        } else if (statOf(place)?.isFile() === true) {
          rmSync(place);
          if (path.includes('/')) removeEmptyFolders(project, dirname(path));
        }
      }
    },
  };
}

const isSame = (place: string, content: Buffer): boolean =>
  statOf(place) !== undefined && readFileSync(place).equals(content);
