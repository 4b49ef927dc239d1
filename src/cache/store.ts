import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { replaceFile } from '../core/replace-file';
import { foldersTo, pathExists, makeFolder, refuseLink, statOf } from '../core/safe-path';
import { STEP } from './fingerprint';
import { PROGRAM_DIGEST } from './program-digest';

const FOLDER = '.dozlab';
const IGNORED = `${FOLDER}/.gitignore`;

/** Undefined for damaged files, copies, and files of another build, user or Node.js. */
export function readEntry(project: string, name: string): unknown {
  try {
    const text = readText(project, `${FOLDER}/${name}.json`);
    const end = text.indexOf('\n');
    const body = text.slice(end + 1);
    return text.slice(0, end) === headOf(project, body) ? JSON.parse(body) : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined removes the entry. A failed write only costs time. */
export function writeEntry(project: string, name: string, value: unknown): void {
  try {
    makeFolder(project, FOLDER);
    if (!pathExists(project, IGNORED)) write(project, IGNORED, '*\n');
    const path = `${FOLDER}/${name}.json`;
    const body = JSON.stringify(value) as string | undefined;
    if (body === undefined) rmSync(join(project, path), { force: true });
    else write(project, path, `${headOf(project, body)}\n${body}`);
  } catch {
    // A folder that is read-only or a link, a full disk.
  }
}

/** No program can set inode and ctime of `.gitignore`, so they detect a copied folder. */
function headOf(project: string, body: string): string {
  const { ino, ctimeMs } = lstatSync(join(project, IGNORED));
  const digest = createHash('sha256').update(body).digest('base64url');
  return JSON.stringify([PROGRAM_DIGEST, process.version, process.getuid?.(), ino, ctimeMs, digest]);
}

/** Does not follow links or wait for pipes. */
function readText(project: string, path: string): string {
  for (const part of foldersTo(dirname(path))) refuseLink(project, part);
  const file = openSync(join(project, path), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    return fstatSync(file).isFile() ? readFileSync(file, 'utf8') : '';
  } finally {
    closeSync(file);
  }
}

/** Removes the file if the disk's clock differs, because ctimes are then useless. */
function write(project: string, path: string, text: string): void {
  const before = Date.now();
  refuseLink(project, path);
  replaceFile(join(project, path), text);
  const written = statOf(join(project, path))?.ctimeMs ?? 0;
  if (written < before - STEP || written > Date.now() + STEP) rmSync(join(project, path), { force: true });
}
