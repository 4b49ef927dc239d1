import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { path } from './paths.mjs';

const FOLDERS = ['src', 'imports', 'bench', 'scripts', 'packages/charts/src', 'images/terminal'];
const FILES = [
  'package.json',
  'package-lock.json',
  'packages/charts/package.json',
  'tsconfig.json',
  'tsconfig.build.json',
];

/** A digest of all files that the build reads. Libraries are in it by package-lock.json. */
export function sourceDigest() {
  const hash = createHash('sha256');
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(path(folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => `${entry.parentPath}/${entry.name}`.slice(path('').length)),
  );
  for (const file of [...files, ...FILES].sort())
    hash
      .update(`${file}\0`)
      .update(readFileSync(path(file)))
      .update('\0');
  return hash.digest('base64url');
}
