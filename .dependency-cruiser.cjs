/**
 * Imports go one way: a layer uses itself and the layers before it in this list. kube and cache know no lab, so they use core alone.
 */
const LAYERS = [
  'core',
  'kube',
  'cache',
  'api',
  'model',
  'admission',
  'constructs',
  'secrets',
  'manifests',
  'source',
  'resolve',
  'capacity',
  'synth',
  'edit',
  'git',
  'registry',
  'rootfs',
  'report',
  'controller',
  'migrate',
  'cli',
];

const CHARTS = require('./packages/charts/package.json');

/** All that a user of packages/charts gets with it. */
const CHARTS_DEPENDENCIES = Object.keys({ ...CHARTS.dependencies, ...CHARTS.peerDependencies });

/** Development packages that the code may import: the build puts them into its bundles. */
const BUNDLED = [
  'age-encryption',
  'cli-table3',
  'csv-parse',
  'diff',
  'modern-tar',
  'picocolors',
  'read',
  'yaml',
  'yargs',
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...LAYERS.map((layer, index) => ({
      name: `${layer}-imports-only-earlier-layers`,
      severity: 'error',
      from: { path: `^src/${layer}/` },
      to: {
        path: `^src/(${[...LAYERS.slice(index + 1).map((later) => `${later}/`), 'index\\.ts', 'generate\\.ts'].join('|')})`,
      },
    })),
    {
      name: 'charts-imports-itself-and-its-dependencies',
      severity: 'error',
      from: { path: '^packages/charts/src/' },
      to: {
        dependencyTypesNot: ['core'],
        pathNot: ['^packages/charts/src/', ...CHARTS_DEPENDENCIES.map((name) => `(^|/)node_modules/${name}/`)],
      },
    },
    {
      name: 'charts-tests-import-no-lab',
      severity: 'error',
      from: { path: '^packages/charts/test/' },
      to: { path: '^(src|test|imports|bench)/' },
    },
    {
      name: 'images-import-only-themselves',
      severity: 'error',
      from: { path: '^images/([^/]+)/' },
      to: { path: '^(src|test|imports|bench|packages|images)/', pathNot: '^images/$1/' },
    },
    { name: 'nothing-imports-images', severity: 'error', from: { path: '^(src|packages)/' }, to: { path: '^images/' } },
    { name: 'errors-imports-nothing', severity: 'error', from: { path: '^src/core/errors\\.ts$' }, to: { path: '.' } },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-development-packages',
      severity: 'error',
      from: { path: '^(src|packages/charts/src)/' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['npm-peer'],
        pathNot: `^node_modules/(@types/)?(${BUNDLED.join('|')})/`,
      },
    },
    { name: 'no-files-that-nothing-uses', severity: 'error', from: { orphan: true, path: '^src/' }, to: {} },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
