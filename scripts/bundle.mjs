// Makes a few files of the program and all libraries that it uses, so that it starts without looking for hundreds of modules: build/program/.
// The programs that write sessions' manifests are compiled here, once, and the files of the chart are made. Run it after tsc (npm run build).
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const require = createRequire(import.meta.url);
const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const { labSessionChart } = require('../build/src/manifests/lab-session-chart.js');
const { chartFiles } = require('../build/src/manifests/chart/files.js');
const { SECRET_CHARTS } = require('../build/src/manifests/secret-charts.js');
const { releaseChart } = require('../build/src/manifests/release-chart.js');

/** Text of an object of programs by their charts' names, in the form of src/manifests/compiled-charts.ts. */
const compiledText = () => {
  const programOf = (chart, isNamespaced) => {
    const { text, functions } = chart.program(isNamespaced);
    return `{functions:${JSON.stringify(functions.map(({ name }) => name))},program:(f,q,j,t)=>{${text}}}`;
  };
  const charts = [labSessionChart, ...SECRET_CHARTS, releaseChart].map(
    (chart) => `${JSON.stringify(chart.name)}:{plain:${programOf(chart, false)},namespaced:${programOf(chart, true)}}`,
  );
  return `export const COMPILED_CHARTS = {${charts.join(',')}};`;
};

/** A digest of all that the program is made of. */
const programDigest = () => {
  const hash = createHash('sha256');
  const files = ['src', 'packages', 'imports'].flatMap((folder) =>
    readdirSync(path(folder), { recursive: true }).map((name) => join(path(folder), name)),
  );
  for (const file of [...files.sort(), path('scripts/bundle.mjs'), path('package-lock.json')])
    if (statSync(file).isFile()) hash.update(`${relative(path('.'), file)}\0`).update(readFileSync(file));
  return hash.digest('base64url');
};

/** Modules that others are put in the place of. */
const MADE = [
  [/src[/\\]manifests[/\\]compiled-charts\.ts$/, compiledText],
  [
    /src[/\\]manifests[/\\]chart[/\\]files\.ts$/,
    () => `const FILES = ${JSON.stringify(chartFiles())};export const chartFiles = () => FILES;`,
  ],
  [/src[/\\]cache[/\\]program-digest\.ts$/, () => `export const PROGRAM_DIGEST = '${programDigest()}';`],
];

const madeModules = {
  name: 'made-modules',
  setup(building) {
    for (const [filter, make] of MADE) building.onLoad({ filter }, () => ({ contents: make(), loader: 'js' }));
  },
};

rmSync(path('build/program'), { recursive: true, force: true });
await build({
  outdir: path('build/program'),
  entryNames: '[name]',
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'linked',
  entryPoints: [path('src/cli/program.ts')],
  outExtension: { '.js': '.mjs' },
  splitting: true,
  format: 'esm',
  // Libraries that are no ES modules ask for these.
  banner: {
    js: 'import {createRequire as requireFrom} from "node:module";const require=requireFrom(import.meta.url);',
  },
  define: { __dirname: 'import.meta.dirname', __filename: 'import.meta.filename' },
  plugins: [madeModules],
});
