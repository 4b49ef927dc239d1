/** @type {import('jest').Config} */
module.exports = {
  ...require('./jest.config.js'),
  roots: ['<rootDir>/test/node'],
  testPathIgnorePatterns: ['/node_modules/'],
  globalSetup: '<rootDir>/test/node/setup.ts',
  globalTeardown: '<rootDir>/test/cluster/teardown.ts',
  // All share one node of two cores.
  maxWorkers: 1,
  testTimeout: 300_000,
};
