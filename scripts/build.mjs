/**
 * npm run build: makes build/ and THIRD-PARTY-NOTICES.
 *
 *   build/program/    the CLI and all libraries that it uses, as ES modules
 *   build/lib/        the library: index.js and index.d.ts
 *   build/generate/   the generator of docs and schemas
 *   build/bench/      the benchmark
 *   build/images/     the files of container images
 *
 * Several builds can run at once, and the CLI works during a build. A build of unchanged sources writes nothing.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { bundleLibrary, bundleProgram, bundleTools } from './build/bundles.mjs';
import { noticesOf } from './build/notices.mjs';
import { path } from './build/paths.mjs';
import { publish, removeLeftovers } from './build/publish.mjs';
import { sourceDigest } from './build/source-digest.mjs';
import { bundleTerminalImage } from './build/terminal-image.mjs';
import { libraryTypes } from './build/types.mjs';

const STAMP = 'build/stamp.json';

const digestOf = (text) => createHash('sha256').update(text).digest('base64url');

/** Whether the last build had these sources, and its files did not change. */
function isFresh(digest) {
  if (!existsSync(path(STAMP))) return false;
  const stamp = JSON.parse(readFileSync(path(STAMP), 'utf8'));
  const isSame = ([file, content]) => existsSync(path(file)) && digestOf(readFileSync(path(file))) === content;
  return stamp.digest === digest && Object.entries(stamp.files).every(isSame);
}

async function build(digest) {
  const [types, program, library, tools, terminalImage] = await Promise.all([
    libraryTypes(),
    bundleProgram(digest),
    bundleLibrary(),
    bundleTools(),
    bundleTerminalImage(),
  ]);
  const names = program.files.map((file) => file.path.slice('build/program/'.length));
  const files = [
    ...program.files,
    // npm packs no chunk of an earlier build.
    { path: 'build/program/.npmignore', content: ['*', ...names.map((name) => `!${name}`), ''].join('\n') },
    ...library.files,
    { path: 'build/lib/index.d.ts', content: types },
    ...tools.files,
    ...terminalImage,
    { path: 'THIRD-PARTY-NOTICES', content: noticesOf([...program.inputs, ...library.inputs]) },
  ];
  const digests = Object.fromEntries(files.map((file) => [file.path, digestOf(file.content)]));
  publish([...files, { path: STAMP, content: JSON.stringify({ digest, files: digests }) }]);
  removeLeftovers();
}

mkdirSync(path('build'), { recursive: true });
const digest = sourceDigest();
if (!isFresh(digest)) await build(digest);
