const { availableParallelism } = require('node:os');
const { compilerOptions } = require('./tsconfig.json');

/** Jest runs CommonJS only, so `import()` becomes `require`, and the ES module that it loads is compiled as well. */
const tsconfig = {
  ...compilerOptions,
  module: 'commonjs',
  moduleResolution: 'node10',
  esModuleInterop: true,
  allowJs: true,
};

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test', '<rootDir>/packages'],
  moduleNameMapper: {
    '^@dozlab/charts$': '<rootDir>/packages/charts/src/index.ts',
    '^@dozlab/charts/(.+)$': '<rootDir>/packages/charts/src/$1/index.ts',
  },
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: [
    '/node_modules/',
    '<rootDir>/test/cluster/',
    '<rootDir>/test/node/',
    '<rootDir>/test/package/',
    '<rootDir>/test/parity/',
  ],
  transform: { '^.+\\.ts$|/node_modules/modern-tar/.+\\.js$': ['ts-jest', { tsconfig, diagnostics: false }] },
  transformIgnorePatterns: ['/node_modules/(?!modern-tar/)'],
  globalSetup: '<rootDir>/test/support/refuse-updates.ts',
  // Many tests start programs, which take long on a busy machine.
  testTimeout: 300_000,
  // Jest alone leaves one core free, and so uses one of two.
  maxWorkers: Math.max(2, availableParallelism() - 1),
};
