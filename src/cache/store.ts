import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { replaceFile } from '../core/replace-file';
import { foldersTo, isThere, makeFolder, refuseLink, statOf } from '../core/safe-path';
import { STEP } from './fingerprint';
import { PROGRAM_DIGEST } from './program-digest';

/** Git ignores the folder, as the folder says itself. */
const FOLDER = '.dozlab';
const IGNORED = `${FOLDER}/.gitignore`;

/**
 * Reads what `writeEntry` wrote. Undefined for a file that another build of the program, another user or another Node.js wrote, for a copy, and
 * for one that is damaged.
 */
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

/** Writes plain data, or removes it when it is undefined. If the folder cannot be written, the next run does the work again. */
export function writeEntry(project: string, name: string, value: unknown): void {
  try {
    makeFolder(project, FOLDER);
    if (!isThere(project, IGNORED)) write(project, IGNORED, '*\n');
    const path = `${FOLDER}/${name}.json`;
    const body = JSON.stringify(value) as string | undefined;
    if (body === undefined) rmSync(join(project, path), { force: true });
    else write(project, path, `${headOf(project, body)}\n${body}`);
  } catch {
    // A folder that is read-only or a link, a full disk.
  }
}

/**
 * The first line of a file. Inode and ctime of `.gitignore`, which no program can set, tell this folder from a copy, and from one that came with
 * the project's files.
 */
function headOf(project: string, body: string): string {
  const { ino, ctimeMs } = lstatSync(join(project, IGNORED));
  const digest = createHash('sha256').update(body).digest('base64url');
  return JSON.stringify([PROGRAM_DIGEST, process.version, process.getuid?.(), ino, ctimeMs, digest]);
}

/** Follows no link, and waits for no pipe. */
function readText(project: string, path: string): string {
  for (const part of foldersTo(dirname(path))) refuseLink(project, part);
  const file = openSync(join(project, path), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    return fstatSync(file).isFile() ? readFileSync(file, 'utf8') : '';
  } finally {
    closeSync(file);
  }
}

/** Removes the file again when the disk's clock is not ours: then no ctime can be compared with it. */
function write(project: string, path: string, text: string): void {
  const before = Date.now();
  refuseLink(project, path);
  replaceFile(join(project, path), text);
  const written = statOf(join(project, path))?.ctimeMs ?? 0;
  if (written < before - STEP || written > Date.now() + STEP) rmSync(join(project, path), { force: true });
}
