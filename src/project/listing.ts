import { lstatSync, readdirSync } from 'node:fs';
import type { Stamp } from './stamp';

/** What lies below folders, without what is hidden. */
export interface Listing {
  /** Of regular files. */
  readonly stamps: ReadonlyMap<string, Stamp>;
  /** Folders, and in front of them `!` what is neither file nor folder, or left behind by a killed process. */
  readonly others: readonly string[];
}

/**
 * Lists folders and files.
 * @param root of all paths
 */
export function listNow(root: string, folders: readonly string[]): Listing {
  const stamps = new Map<string, Stamp>();
  const others: string[] = [];
  const see = (path: string): void => {
    const stat = lstatSync(`${root}/${path}`);
    if (stat.isDirectory()) enter(path);
    else if (stat.isFile()) stamps.set(path, [stat.size, stat.ino, stat.ctimeMs]);
    else others.push(`!${path}`);
  };
  const enter = (folder: string): void => {
    others.push(folder);
    for (const entry of readdirSync(`${root}/${folder}`, { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`;
      if (entry.name.startsWith('.dozlab-')) others.push(`!${path}`);
      else if (entry.name.startsWith('.')) continue;
      else if (entry.isDirectory()) enter(path);
      else see(path);
    }
  };
  for (const folder of folders) {
    try {
      see(folder);
    } catch (error) {
      // What is not there has no stamps; what cannot be read is told of by whoever needs it.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') others.push(`!${folder}`);
    }
  }
  return { stamps, others };
}
