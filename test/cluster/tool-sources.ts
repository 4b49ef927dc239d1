import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { moduleOf, sourcesOf } from './go';
import type { Tool } from './tools';

/** What a tool is built from: its go.sum, and the Go files of our own that its folder has. */
export function builtFrom({ name }: Tool): Buffer {
  const own = filesBelow(moduleOf(name)).filter((path) => path.endsWith('.go'));
  return Buffer.concat(['go.sum', ...own].map((path) => readFileSync(join(moduleOf(name), path))));
}

/** Where a tool is built, and what: the tools that its module names, or the program of an edited module. */
export function buildPlace({ name, edited }: Tool, stage: string): { readonly cwd: string; readonly what: string } {
  if (edited === undefined) return { cwd: moduleOf(name), what: 'tool' };
  const cwd = join(stage, 'sources');
  copyFiles(sourcesOf(name, edited), cwd);
  copyFiles(join(moduleOf(name), 'edited'), cwd);
  return { cwd, what: '.' };
}

/** Copies files over what may be there. What is copied may only be read, folders too, unlike the copies of folders. */
function copyFiles(from: string, to: string): void {
  for (const path of filesBelow(from)) {
    mkdirSync(dirname(join(to, path)), { recursive: true });
    rmSync(join(to, path), { force: true });
    copyFileSync(join(from, path), join(to, path));
  }
}

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
