import { readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { foldersTo } from './safe-path';

/** Removes a folder below another one, and those around it, as far as they are empty. */
export function removeEmptyFolders(folder: string, path: string): void {
  for (const part of path === '.' ? [] : foldersTo(path).reverse()) {
    if (readdirSync(join(folder, part)).length > 0) return;
    rmdirSync(join(folder, part));
  }
}
