import { readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { foldersTo } from './safe-path';

/** Also removes empty parents up to `folder`. */
export function removeEmptyFolders(folder: string, path: string): void {
  for (const part of path === '.' ? [] : foldersTo(path).reverse()) {
    if (readdirSync(join(folder, part)).length > 0) return;
    rmdirSync(join(folder, part));
  }
}
