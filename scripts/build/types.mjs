import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';
import { path } from './paths.mjs';

const KEPT = path('build/types');

/** The types of the library in one file. tsc compiles only what changed since the last build; each build works in a folder of its own. */
export async function libraryTypes() {
  const folder = mkdtempSync(path('build/types-'));
  try {
    copyTo(folder);
    await compile(folder);
    const digest = digestOf(folder);
    const result = join(folder, 'result.json');
    const last = existsSync(result) ? JSON.parse(readFileSync(result, 'utf8')) : {};
    const types = last.digest === digest ? last.types : await rolledUp(folder);
    writeFileSync(result, JSON.stringify({ digest, types }));
    keep(folder);
    return types;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function copyTo(folder) {
  try {
    cpSync(KEPT, folder, { recursive: true });
  } catch {
    // There is no earlier build, or another one replaces it: everything is compiled.
    rmSync(join(folder, '.tsbuildinfo'), { force: true });
  }
}

function keep(folder) {
  try {
    rmSync(KEPT, { recursive: true, force: true });
    renameSync(folder, KEPT);
  } catch {
    // Another build has kept its own.
  }
}

/** A digest of all types that tsc wrote. */
function digestOf(folder) {
  const hash = createHash('sha256');
  const names = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.d.ts'));
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
