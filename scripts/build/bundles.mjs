import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';
import { path } from './paths.mjs';

const COMMON = {
  absWorkingDir: path(''),
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  // Licences are in THIRD-PARTY-NOTICES.
  legalComments: 'none',
  write: false,
  metafile: true,
};

/** The files of a bundle, and the modules that have code in it. */
export async function bundled(options) {
  const { outputFiles, metafile } = await build({ ...COMMON, ...options });
  const inputs = Object.values(metafile.outputs).flatMap((output) =>
    Object.keys(output.inputs).filter((name) => output.inputs[name].bytesInOutput > 0),
  );
  const files = outputFiles.map((file) => ({ path: file.path.slice(path('').length), content: file.text }));
  return { files, inputs };
}

/** Runs precompile.ts, which imports the constructs. */
async function precompiled() {
  const { files } = await bundled({
    entryPoints: ['scripts/build/precompile.ts'],
    outfile: 'precompile.cjs',
    format: 'cjs',
    packages: 'external',
  });
  const folder = mkdtempSync(path('build/precompile-'));
  try {
    const file = join(folder, 'precompile.cjs');
    writeFileSync(file, files[0].content);
    return createRequire(import.meta.url)(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The CLI. Its entry, program.mjs, is the last file: chunks have a digest in their names. */
export async function bundleProgram(digest) {
  const { compiledModule, chartFilesModule } = await precompiled();
  const replaced = new Map([
    [path('src/manifests/compiled-charts.ts'), compiledModule()],
    [path('src/manifests/chart/files.ts'), chartFilesModule()],
    [path('src/cache/program-digest.ts'), `export const PROGRAM_DIGEST = '${digest}';`],
  ]);
  const { files, inputs } = await bundled({
    entryPoints: ['src/cli/program.ts'],
    outdir: 'build/program',
    entryNames: '[name]',
    outExtension: { '.js': '.mjs' },
    splitting: true,
    format: 'esm',
    minifySyntax: true,
    minifyWhitespace: true,
    // Libraries that are no ES modules call require.
    banner: {
      js: 'import {createRequire as requireFrom} from "node:module";const require=requireFrom(import.meta.url);',
    },
    define: { __dirname: 'import.meta.dirname', __filename: 'import.meta.filename' },
    plugins: [
      {
        name: 'replaced-modules',
        setup({ onLoad, onEnd }) {
          const unused = new Set(replaced.keys());
          onLoad({ filter: /(compiled-charts|files|program-digest)\.ts$/ }, (module) => {
            const contents = replaced.get(module.path);
            unused.delete(module.path);
            return contents === undefined ? undefined : { contents, loader: 'js' };
          });
          onEnd(() => {
            if (unused.size > 0) throw new Error(`the CLI has no module ${Array.from(unused).join(' or ')}`);
          });
        },
      },
    ],
  });
  const isEntry = (file) => file.path === 'build/program/program.mjs';
  return { files: [...files.filter((file) => !isEntry(file)), ...files.filter(isEntry)], inputs };
}

/** The library in one CommonJS file, so that `import` and `require` get the same classes. */
export function bundleLibrary() {
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(path('package.json'), 'utf8'));
  return bundled({
    entryPoints: ['src/index.ts'],
    outfile: 'build/lib/index.js',
    format: 'cjs',
    external: Object.keys({ ...dependencies, ...peerDependencies }),
  });
}

/** Programs for the work on Dozlab itself. They use the installed libraries. */
export function bundleTools() {
  const processes = readdirSync(path('bench/processes')).map((name) => `bench/processes/${name}`);
  return bundled({
    entryPoints: ['src/generate.ts', 'bench/main.ts', ...processes].map((file) => ({
      in: file,
      out: file.replace(/^src\//, 'generate/').replace(/\.ts$/, ''),
    })),
    outdir: 'build',
    format: 'cjs',
    packages: 'external',
  });
}
