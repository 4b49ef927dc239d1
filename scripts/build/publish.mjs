import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { path } from './paths.mjs';

const PROGRAM = 'build/program';
const HOUR = 3_600_000;

/** The names of all chunks that program.mjs loads, directly or not. */
function chunksOf(name = 'program.mjs', found = new Set()) {
  const file = path(`${PROGRAM}/${name}`);
  if (found.has(name) || !existsSync(file)) return found;
  found.add(name);
  for (const [, chunk] of readFileSync(file, 'utf8').matchAll(/["']\.\/([\w.-]+\.mjs)["']/g)) chunksOf(chunk, found);
  return found;
}

/** Makes a file new, so that removeLeftovers does not remove it: a running program may still load it. */
function touch(file) {
  const now = new Date();
  utimesSync(file, now, now);
}

/**
 * Writes each file beside its place and renames it, in the given order. A program that starts meanwhile loads the old build or the new one.
 * Chunks of the old build stay for an hour.
 */
export function publish(files) {
  for (const name of chunksOf()) touch(path(`${PROGRAM}/${name}`));
  const stage = mkdtempSync(path('build/publish-'));
  try {
    files.forEach((file, index) => {
      const target = path(file.path);
      if (existsSync(target) && readFileSync(target, 'utf8') === file.content) return touch(target);
      const staged = join(stage, String(index));
      writeFileSync(staged, file.content);
      mkdirSync(dirname(target), { recursive: true });
      renameSync(staged, target);
    });
  } finally {
    rmSync(stage, { recursive: true });
  }
}

/** Removes chunks that no program loads any more, and the working folders of builds that were killed. */
export function removeLeftovers() {
  const used = chunksOf();
  const old = (file) => Date.now() - statSync(file).mtimeMs > HOUR;
  const leftovers = [
    ...readdirSync(path(PROGRAM))
      .filter((name) => name.endsWith('.mjs') && !used.has(name))
      .map((name) => path(`${PROGRAM}/${name}`)),
    ...readdirSync(path('build'))
      .filter((name) => /^(publish|types|precompile)-/.test(name))
      .map((name) => path(`build/${name}`)),
  ];
  for (const file of leftovers) if (existsSync(file) && old(file)) rmSync(file, { recursive: true, force: true });
}
