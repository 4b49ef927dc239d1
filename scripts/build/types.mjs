import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';
import { path } from './paths.mjs';

const CACHE = path('build/types');
const RESULT = 'result.json';

/** The types of the library in one file. tsc compiles only files that changed since the last build. Each build works in its own folder. */
export async function libraryTypes() {
  const folder = mkdtempSync(path('build/types-'));
  try {
    const last = copyOfLast(folder);
    await compile(folder);
    const digest = digestOf(folder, '.d.ts');
    const types = last?.digest === digest ? last.types : await rolledUp(folder);
    store(folder, { digest, types, buildInfo: digestOf(folder, '.tsbuildinfo') });
    return types;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Copies the files of the last build. Another build may replace them meanwhile: a mixture is of no use. */
function copyOfLast(folder) {
  try {
    cpSync(CACHE, folder, { recursive: true });
    const last = JSON.parse(readFileSync(join(folder, RESULT), 'utf8'));
    if (last.digest === digestOf(folder, '.d.ts') && last.buildInfo === digestOf(folder, '.tsbuildinfo')) return last;
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
  return undefined;
}

function store(folder, result) {
  writeFileSync(join(folder, RESULT), JSON.stringify(result));
  try {
    rmSync(CACHE, { recursive: true, force: true });
    renameSync(folder, CACHE);
  } catch (error) {
    // Another build stored its own.
    if (!['EEXIST', 'ENOTEMPTY'].includes(error.code)) throw error;
  }
}

/** A digest of all files whose names end so. */
function digestOf(folder, end) {
  const hash = createHash('sha256');
  const names = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(end));
  for (const name of names.sort()) hash.update(`${name}\0`).update(readFileSync(join(folder, name)));
  return hash.digest('base64url');
}

async function compile(folder) {
  const options = [
    '--project',
    'tsconfig.build.json',
    '--outDir',
    folder,
    '--tsBuildInfoFile',
    join(folder, '.tsbuildinfo'),
  ];
  try {
    await promisify(execFile)(process.execPath, ['node_modules/typescript/bin/tsc', ...options], { cwd: path('') });
  } catch ({ stdout, message }) {
    throw new Error(stdout === '' ? message : stdout);
  }
}

async function rolledUp(folder) {
  const bundle = await rollup({
    input: join(folder, 'src/index.d.ts'),
    external: (name) => !/^[./]|^@dozlab\//.test(name),
    onwarn: ({ message }) => {
      throw new Error(message);
    },
    plugins: [
      dts({
        tsconfig: false,
        compilerOptions: {
          baseUrl: folder,
          paths: {
            '@dozlab/charts': ['packages/charts/src/index.d.ts'],
            '@dozlab/charts/*': ['packages/charts/src/*/index.d.ts'],
          },
          types: [],
        },
      }),
    ],
  });
  const { output } = await bundle.generate({ format: 'es' });
  return output[0].code;
}
