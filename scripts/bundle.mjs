// Makes a few files of the program and all libraries that it uses, so that it starts without looking for hundreds of modules: build/program/.
// The programs that write sessions' manifests are compiled here, once. Run it after tsc (npm run build).
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const require = createRequire(import.meta.url);
const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const { labSessionChart } = require('../build/src/output/lab-session-chart.js');
const { externalSecretChart } = require('../build/src/output/external-secret.js');

/** Text of an object of programs by their charts' names, in the form of src/render/compiled.ts. */
const compiledText = () => {
  const programOf = (chart, isNamespaced) => {
    const { text, functions } = chart.program(isNamespaced);
    return `{functions:${JSON.stringify(functions.map(({ name }) => name))},program:(f,q,j)=>{${text}}}`;
  };
  const charts = [labSessionChart, externalSecretChart].map(
    (chart) => `${JSON.stringify(chart.name)}:{plain:${programOf(chart, false)},namespaced:${programOf(chart, true)}}`,
  );
  return `export const COMPILED = {${charts.join(',')}};`;
};

const withCompiledCharts = {
  name: 'compiled-charts',
  setup(building) {
    building.onLoad({ filter: /src[/\\]render[/\\]compiled\.ts$/ }, () => ({ contents: compiledText(), loader: 'js' }));
  },
};

rmSync(path('build/program'), { recursive: true, force: true });
await build({
  entryPoints: [path('src/cli/program.ts')],
  outdir: path('build/program'),
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'linked',
  // Libraries that are no ES modules ask for these.
  banner: {
    js: 'import {createRequire as requireFrom} from "node:module";const require=requireFrom(import.meta.url);',
  },
  define: { __dirname: 'import.meta.dirname', __filename: 'import.meta.filename' },
  plugins: [withCompiledCharts],
});
