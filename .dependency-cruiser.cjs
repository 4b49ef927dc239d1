/**
 * Imports go one way: a layer uses itself and the layers before it in this list.
 */
const LAYERS = [
  'schema',
  'view',
  'render',
  'values',
  'constructs',
  'secrets',
  'infra',
  'tools',
  'git',
  'registry',
  'output',
  'project',
  'migrate',
  'report',
  'cli',
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...LAYERS.map((layer, index) => ({
      name: `${layer}-imports-only-earlier-layers`,
      severity: 'error',
      from: { path: `^src/${layer}/` },
      to: {
        path: `^src/(${[...LAYERS.slice(index + 1).map((later) => `${later}/`), 'main\\.ts', 'index\\.ts', 'generate\\.ts'].join('|')})`,
      },
    })),
    { name: 'errors-imports-nothing', severity: 'error', from: { path: '^src/errors\\.ts$' }, to: { path: '.' } },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-development-packages',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    { name: 'no-files-that-nothing-uses', severity: 'error', from: { orphan: true, path: '^src/' }, to: {} },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
